import assert from 'node:assert/strict'
import { it } from 'node:test'
import { readableOn } from './readable-on.ts'

it('text on a colour is dark or light, whichever can be read', () => {
  for (const colour of ['#fff', '#ffcc00', 'rgb(200, 240, 200)', 'rgba(255,255,255,0.5)', '#93a9ff'])
    assert.equal(readableOn(colour), '#101318', colour)
  for (const colour of ['#000', '#2b50d8', 'rgb(120, 0, 0)', '#663399', '#d00000'])
    assert.equal(readableOn(colour), '#ffffff', colour)
})
