/** Paper: everything open, nothing cut, no control that paper cannot work. Of a matrix too wide for it, what is well is counted. */
export const print = `@media print {
  :root { color-scheme: light; --page: #fff; --card: #fff; --ink: #000; --quiet: #444; --line: #bbb; --edge: #777; --code: #fff; --ok: #000; --degraded: #000; --failing: #000; --no-data: #444; --link: #000; --mark: #333;
    --ok-wash: #fff; --degraded-wash: #fff; --failing-wash: #fff; --no-data-wash: #fff; }
  body { font-size: 10pt; }
  .top, main, footer { max-width: none; padding-left: 1px; padding-right: 1px; }
  .skip, .top nav, form, .pages, .live, .mark, .command button, .later { display: none; }
  .finding, tr, .panels > li { break-inside: avoid; }
  h2, h3, h4 { break-after: avoid; }
  .verdict, .finding { border-color: #000; }
  .scroll, .matrix-box { overflow: visible; max-height: none; }
  .matrix thead, .matrix .node { position: static; }
  .scroll table { font-size: 8pt; }
  .scroll table th, .scroll table td { padding: .25rem .4rem; white-space: normal; overflow-wrap: break-word; }
  .scroll table.matrix { font-size: 7pt; }
  .scroll table.matrix th, .scroll table.matrix td { padding: .15rem .2rem; }
  .scroll table.matrix td.ok { white-space: nowrap; overflow-wrap: normal; }
  .scroll table.matrix .node { min-width: 0; width: 5.5rem; }
  .scroll table.wide, .wide caption, .wide tbody, .wide td, .wide .node { display: block; }
  .wide thead, .scroll table.wide td.not-planned, .scroll table.wide tr:not(.alike) > td.ok { display: none; }
  .wide tbody tr { display: flex; flex-wrap: wrap; gap: 0 1rem; border-top: 1px solid var(--line); }
  .scroll table.wide tbody tr > * { border: 0; }
  .scroll table.wide tbody tr > .node, .wide td.failing, .wide td.degraded, .wide td.no-data, .wide tr.alike > td { flex: 1 0 100%; width: auto; max-width: none; }
  .wide td.failing, .wide td.degraded, .wide td.no-data { order: 1; }
  .wide td.failing[data-label]::before, .wide td.degraded[data-label]::before, .wide td.no-data[data-label]::before { content: attr(data-label) ': '; font-weight: 400; }
  .scroll table.wide td.sum { display: block; }
  svg.strip { min-width: 0; }
  details > :not(summary) { display: block; }
  details::details-content { content-visibility: visible; display: block; }
  .references a[href]::after { content: none; }
  .matrix td.failing, .matrix td.degraded { outline: 1.5pt solid #000; outline-offset: -2pt; }
}
`
