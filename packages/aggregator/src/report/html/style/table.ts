/** Tables: they scroll inside their own box, and keep their first column and their head in view. */
export const table = `.scroll { overflow: auto; position: relative; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
.finding .scroll { border-radius: .4rem; }
table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: .9rem; }
caption { text-align: left; padding: .6rem .9rem; font-size: .85rem; }
th, td { padding: .42rem .9rem; text-align: left; vertical-align: baseline; border-top: 1px solid var(--line); }
thead th { font-size: .8rem; font-weight: 600; color: var(--quiet); background: var(--card); }
tbody th { font-weight: 600; }
.reference { white-space: nowrap; }
.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
.evidence tbody > tr:first-child > * { border-top: 2px solid var(--line); }
.evidence tbody tr + tr > * { border-top: 0; padding-top: 0; color: var(--quiet); }
.evidence tbody th { min-width: 9rem; }
.evidence td.asked { min-width: 4.5rem; }
.evidence td[data-label=Asked] { min-width: 11rem; }
.evidence td[data-label=Got] { max-width: 30rem; }
.evidence tr.failing strong, .evidence tr.degraded strong { color: var(--tone); }
.evidence strong { font-weight: 600; }
.matrix-box { max-height: 44rem; max-height: max(30rem, 85vh); }
.matrix thead { position: sticky; top: 0; z-index: 3; }
.matrix thead tr:first-child th { border-top: 0; }
.matrix td, .matrix thead th { white-space: nowrap; overflow-wrap: normal; padding-left: .6rem; padding-right: .6rem; }
.matrix thead .address, .matrix .question, .matrix .attributes { display: block; font-weight: 400; font-size: .8rem; }
.matrix th[scope=colgroup], .matrix td { border-left: 1px solid var(--line); }
.matrix td.failing, .matrix td.degraded, .finding td.failing, .finding td.degraded, .plain td.failing, .plain td.degraded { background: var(--wash); color: var(--tone); font-weight: 600; }
.matrix td.no-data { color: var(--quiet); }
.matrix .node { position: sticky; left: 0; z-index: 2; background: var(--card); min-width: 9.5rem; max-width: 15rem; padding-left: .7rem; padding-right: .5rem; border-right: 1px solid var(--line); white-space: normal; }
.matrix .alike th, .matrix .alike td { background: var(--ok-wash); }
.matrix .alike.no-data th, .matrix .alike.no-data td { background: var(--no-data-wash); }
.matrix .alike td { white-space: normal; }
.matrix tbody + tbody > tr:first-child > * { border-top: 2px solid var(--line); }
.matrix .question { color: inherit; }
.matrix .sum { display: none; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .6rem .2rem 0; font-size: .85rem; color: var(--quiet); }
.checks li { display: grid; grid-template-columns: 1.4rem minmax(9rem, 20rem) 1fr; gap: 0 .5rem; padding: .4rem 1.1rem; }
.checks { margin: 0; padding: .4rem 0; list-style: none; }
.checks li + li { border-top: 1px solid var(--line); }
.plain .seen, .plain .side { width: 30%; }
details { margin-top: .7rem; }
details > summary { cursor: pointer; padding: .2rem 0; }
details > summary + * { margin-top: .4rem; }
`
