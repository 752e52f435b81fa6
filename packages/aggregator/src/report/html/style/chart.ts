/** Drawings in rows of tables: places in percent, sizes in pixels, so that they fit any width. */
export const chart = `svg.strip { display: block; width: 100%; min-width: 11rem; overflow: visible; }
svg.strip text { font: 11px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; fill: var(--quiet); }
.axis { width: 42%; padding-top: .2rem; padding-bottom: .2rem; vertical-align: middle; }
.scale { stroke: var(--line); }
.zero { stroke: var(--edge); stroke-dasharray: 2 2; }
.range { fill: var(--tone, var(--mark)); fill-opacity: .32; }
.dot { fill: var(--tone, var(--mark)); }
.bin { fill: var(--mark); fill-opacity: .6; }
.median { stroke: var(--ink); stroke-width: 2; }
.span { fill: var(--tone); }
.span.open { fill: var(--tone); stroke: var(--ink); }
.span.ended { fill-opacity: .55; }
.clocks tbody th, .timeline tbody th { white-space: nowrap; }
.panels { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); gap: .8rem; margin: 0; padding: 0; list-style: none; }
.panels > li { padding: .7rem .95rem .8rem; min-width: 0; }
.panels h3 { font-size: .9rem; font-weight: 600; }
.panels p { margin: .25rem 0 .1rem; font-size: .85rem; }
.panels .lane { display: grid; grid-template-columns: 2.4rem minmax(0, 1fr); gap: 0 .5rem; align-items: center; font-size: .85rem; margin-top: .3rem; }
.timeline td[data-label=Since] { min-width: 11.5rem; }
.timeline td[data-label=Ended] { min-width: 7rem; }
.moment { margin: .8rem 0 0; }
`
