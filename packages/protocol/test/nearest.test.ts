import t from 'tap'
import { nearest } from '../src/nearest.ts'

t.equal(nearest('listen.prot', ['listen.port', 'listen.address']), 'listen.port', 'two letters swapped')
t.equal(nearest('LISTEN.PORT', ['listen.port']), 'listen.port', 'case is no difference')
t.equal(nearest('x', ['listen.port', 'cluster']), undefined, 'nothing near')
t.equal(nearest('clstr', ['cluster', 'custard']), 'cluster', 'two letters missing')
t.equal(nearest('anything', []), undefined, 'no words')
