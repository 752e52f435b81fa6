/** A phone, or a zoom of 200 % and more: rows become cards, and cells that are well are counted instead of listed. */
export const narrow = `@media (max-width: 44rem) {
  .glance li { grid-template-columns: auto 1fr; }
  .glance .what { grid-column: 1 / -1; }
  .glance .badge { justify-self: start; }
  .glance .when { justify-self: end; grid-row: 1; grid-column: 2; }
  .cards, .cards caption, .cards tbody, .cards tr, .cards th, .cards td { display: block; }
  .cards thead { display: none; }
  .cards tbody tr { padding: .6rem .9rem; border-top: 1px solid var(--line); }
  .cards tbody tr > * { border: 0; padding: .1rem 0; white-space: normal; position: static; max-width: none; }
  .cards td[data-label] { display: flex; justify-content: space-between; gap: 1rem; text-align: right; }
  .cards td[data-label]::before { content: attr(data-label); color: var(--quiet); font-weight: 400; text-align: left; flex: 0 1 auto; min-width: 5.5rem; }
  .cards .axis { width: auto; }
  .evidence tbody th, .evidence tbody td[data-label] { min-width: 0; max-width: none; }
  .evidence tbody tr + tr { border-top: 0; padding-top: 0; }
  .evidence tbody > tr:first-child > *, .matrix tbody + tbody > tr:first-child > * { border-top: 0; }
  .evidence tbody tr + tr .asked { display: none; }
  .matrix-box { max-height: none; }
  .matrix thead { position: static; }
  .matrix td.failing, .matrix td.degraded { background: none; }
  .matrix td.not-planned, .matrix tr:not(.alike) > td.ok { display: none; }
  .matrix .sum { display: block; color: var(--quiet); }
  .matrix .node { border: 0; background: none; }
  .matrix tbody tr { display: flex; flex-wrap: wrap; gap: 0 1rem; }
  .matrix tbody tr > .node, .matrix tbody td.failing, .matrix tbody td.degraded, .matrix tbody td.no-data, .matrix tr.alike > td { flex: 1 0 100%; }
  .matrix tbody td.failing, .matrix tbody td.degraded, .matrix tbody td.no-data { order: 1; }
  .matrix td[data-label=From]::before { content: none; }
  .matrix td[data-label=From] { min-width: 3rem; }
  .matrix tr.alike > * { background: none; }
  .checks li { grid-template-columns: 1.4rem 1fr; }
  .checks li > :last-child { grid-column: 2; }
  .tools { display: block; }
  .command { grid-template-columns: minmax(0, 1fr); }
  .command button { justify-self: start; margin-top: .35rem; }
}
`
