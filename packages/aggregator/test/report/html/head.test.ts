import t from 'tap'
import { headHtml } from '../../../src/report/html/head.ts'
import { HOSTILE } from '../sample-moment.ts'

t.test('the title is text, what it loads is markup', async (t) => {
  const head = headHtml(HOSTILE, '<style>a{}</style>')
  t.match(head, /^<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">/)
  t.notMatch(head, '<script')
  t.match(head, /<link rel="icon" href="data:,">\n<style>a\{\}<\/style>\n<\/head>$/)
})
