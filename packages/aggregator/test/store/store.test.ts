import t from 'tap'
import { emptyBatch } from '../../src/store/store.ts'

t.not(emptyBatch().states, emptyBatch().states, 'each batch has its own lists')
t.equal(emptyBatch().whole, false)
