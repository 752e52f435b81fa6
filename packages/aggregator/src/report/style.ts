import { createHash } from 'node:crypto'

/**
 * The style sheet of the report. A string, so that what `tsc` builds is all that ships.
 *
 * Every colour pair has a contrast of at least 4.5:1, and none of them says anything that glyph and text do not.
 */
export const style = `:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --ink: #16191f; --quiet: #5a6270; --line: #dde1e7; --code: #eef0f4;
  --ok: #0a6b5d; --degraded: #8a5200; --failing: #b3261e; --no-data: #5a6270;
  --failing-wash: #fdecea; --degraded-wash: #fff4e0; --ok-wash: #e6f4f1; --no-data-wash: #eef0f4; --link: #0b57a4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #101318; --card: #181c23; --ink: #e7eaef; --quiet: #a0a8b5; --line: #2c323c; --code: #10141a;
    --ok: #5fd0bb; --degraded: #f0b35a; --failing: #ff8f85; --no-data: #a0a8b5;
    --failing-wash: #3a1d1b; --degraded-wash: #35280f; --ok-wash: #12302b; --no-data-wash: #232933; --link: #8cbcf5;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
.top, main, footer { max-width: 80rem; margin: 0 auto; padding: 0 1.25rem; }
a { color: var(--link); }
a:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .5rem; }
.quiet, caption, .address, .question { color: var(--quiet); }
code, pre, .address { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace; }

.top { display: flex; flex-wrap: wrap; gap: .25rem 1.75rem; align-items: baseline; padding-top: 1rem; padding-bottom: 1rem; font-size: .925rem; color: var(--quiet); }
.top p { margin: 0; }
.top strong { color: var(--ink); }
.top .brand { font-size: 1.1rem; font-weight: 700; letter-spacing: -.01em; color: var(--ink); margin-right: auto; }
.mark { display: inline-block; width: .7em; height: .7em; margin-right: .45em; border-radius: 50%; background: var(--failing); box-shadow: 0 0 0 3px var(--card), 0 0 0 4px var(--line); }

.verdict { background: var(--card); border: 1px solid var(--line); border-left: .5rem solid var(--tone); border-radius: .5rem; padding: 1.25rem 1.5rem; }
.verdict .state { margin: 0; font-size: .85rem; font-weight: 700; letter-spacing: .08em; text-transform: uppercase; color: var(--tone); }
.verdict h1 { margin: .25rem 0 .9rem; font-size: clamp(1.25rem, 1rem + 1.4vw, 1.9rem); line-height: 1.25; letter-spacing: -.015em; text-wrap: pretty; overflow-wrap: anywhere; }
.counts { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; margin: 0; padding: 0; list-style: none; font-size: .925rem; color: var(--quiet); }
.counts strong { color: var(--ink); font-variant-numeric: tabular-nums; }
.ok { --tone: var(--ok); --wash: var(--ok-wash); }
.degraded, .warning { --tone: var(--degraded); --wash: var(--degraded-wash); }
.failing, .critical { --tone: var(--failing); --wash: var(--failing-wash); }
.no-data, .info { --tone: var(--no-data); --wash: var(--no-data-wash); }
.glyph { color: var(--tone); font-weight: 700; display: inline-block; min-width: 1em; text-align: center; }
.notice { background: var(--degraded-wash); border: 1px solid var(--degraded); border-radius: .5rem; padding: .75rem 1.25rem; overflow-wrap: anywhere; }

main > section { margin-top: 2.25rem; }
main > section.verdict { margin-top: 0; }
h2 { font-size: 1.15rem; margin: 0 0 .75rem; letter-spacing: -.01em; }
.finding { background: var(--card); border: 1px solid var(--line); border-top: 3px solid var(--tone); border-radius: .5rem; padding: 1.1rem 1.5rem 1.25rem; margin-bottom: 1rem; }
.finding h3 { margin: 0; font-size: 1.15rem; line-height: 1.35; overflow-wrap: anywhere; }
.finding h4 { margin: 1.1rem 0 .3rem; font-size: .8rem; letter-spacing: .06em; text-transform: uppercase; color: var(--quiet); }
.finding p { margin: .3rem 0; }
.story { font-size: 1.05rem; overflow-wrap: anywhere; }
.badge { display: inline-block; vertical-align: .1em; margin-right: .35rem; padding: .1rem .5rem; border-radius: 1rem; background: var(--wash); color: var(--tone); border: 1px solid var(--tone); font-size: .75rem; font-weight: 700; letter-spacing: .04em; text-transform: uppercase; }
.circumstances { display: flex; flex-wrap: wrap; gap: .5rem 2.25rem; margin: .9rem 0; }
.circumstances dt { font-size: .8rem; color: var(--quiet); }
.circumstances dd { margin: 0; overflow-wrap: anywhere; }
pre { margin: 0; padding: .75rem 1rem; background: var(--code); border: 1px solid var(--line); border-radius: .4rem; overflow-x: auto; font-size: .875rem; }
.references { margin: .9rem 0 0; padding-left: 1.1rem; font-size: .875rem; overflow-wrap: anywhere; }

.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
.finding .scroll { border-radius: .4rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption { text-align: left; padding: .6rem .9rem; font-size: .85rem; }
th, td { padding: .45rem .9rem; text-align: left; vertical-align: baseline; border-top: 1px solid var(--line); }
thead th { font-size: .8rem; font-weight: 600; color: var(--quiet); }
tbody th { font-weight: 600; white-space: nowrap; }
.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
.evidence tbody { border-top: 2px solid var(--line); }
.evidence tbody tr + tr > * { border-top: 0; padding-top: 0; color: var(--quiet); }
.evidence tr.failing strong, .evidence tr.degraded strong { color: var(--tone); }
.evidence strong { font-weight: 600; }
.matrix td, .matrix thead th { white-space: nowrap; }
.matrix thead .address, .matrix .question { display: block; font-weight: 400; font-size: .8rem; }
.matrix th[scope=colgroup], .matrix td { border-left: 1px solid var(--line); }
.matrix td.failing, .matrix td.degraded { background: var(--wash); color: var(--tone); font-weight: 600; }
.matrix td.no-data { color: var(--quiet); }
.matrix tbody th { position: sticky; left: 0; background: var(--card); }
.matrix .question { color: inherit; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .6rem .2rem 0; font-size: .85rem; color: var(--quiet); }
.axis { padding-top: 0; padding-bottom: 0; }
.axis svg { display: block; max-width: 100%; }
.scale { stroke: var(--line); } .zero { stroke: var(--quiet); stroke-dasharray: 2 2; }
.uncertainty { fill: var(--link); fill-opacity: .35; } .offset { fill: var(--link); }
#not-looked-at ul, .ended { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; margin: 0; padding: .75rem 1rem .75rem 2rem; overflow-wrap: anywhere; }
footer { margin-top: 3rem; padding-bottom: 2rem; font-size: .9rem; }
footer p { margin: .2rem 0; }

@media (max-width: 42rem) {
  .top, main, footer { padding-left: .75rem; padding-right: .75rem; }
  .verdict, .finding { padding-left: 1rem; padding-right: 1rem; }
  .cards, .cards caption, .cards tbody, .cards tr, .cards th, .cards td { display: block; }
  .cards thead { display: none; }
  .cards tbody tr { padding: .6rem .9rem; border-top: 1px solid var(--line); }
  .cards tbody th, .cards tbody td { border: 0; padding: .1rem 0; white-space: normal; overflow-wrap: anywhere; position: static; }
  .cards td[data-label] { display: flex; justify-content: space-between; gap: 1rem; text-align: right; }
  .cards td[data-label]::before { content: attr(data-label); color: var(--quiet); font-weight: 400; text-align: left; flex: none; max-width: 60%; overflow-wrap: anywhere; }
  .matrix td[data-label]::before { flex: 0 1 auto; max-width: none; }
  .matrix td > span { white-space: nowrap; }
  .matrix td.failing, .matrix td.degraded { background: none; }
  .matrix td.not-planned { display: none; }
  .evidence tbody tr + tr { border-top: 0; padding-top: 0; }
  .evidence tbody tr + tr .asked { display: none; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
}
@media print {
  :root { --page: #fff; --card: #fff; --ink: #000; --quiet: #444; --line: #bbb; --code: #fff; --ok: #000; --degraded: #000; --failing: #000; --no-data: #444; --link: #000; }
  .skip, footer, .mark { display: none; }
  .finding, tr { break-inside: avoid; }
  .scroll { overflow: visible; }
  pre { white-space: pre-wrap; }
}
`

/** The style sheet's name: it changes with its content, so that a browser may keep it for ever. */
export const styleName = `style-${createHash('sha256').update(style).digest('hex').slice(0, 12)}.css`
