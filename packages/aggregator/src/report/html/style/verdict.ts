/** The first thing that is seen: one sentence, what it is of, and the way to each finding. */
export const verdict = `.verdict { background: var(--card); border: 1px solid var(--line); border-top: .4rem solid var(--tone); border-radius: .6rem; overflow: clip; }
.verdict > .say { background: var(--wash); padding: 1.1rem clamp(1rem, 2.2vw, 1.6rem) 1.2rem; }
.verdict .state { margin: 0 0 .25rem; font-size: .85rem; font-weight: 700; letter-spacing: .09em; text-transform: uppercase; color: var(--tone); }
.verdict h1 { margin: 0; font-size: clamp(1.25rem, 1rem + 1.35vw, 1.9rem); line-height: 1.28; letter-spacing: -.015em; text-wrap: pretty; max-width: 60ch; }
.glance { margin: 0; padding: .35rem clamp(1rem, 2.2vw, 1.6rem); list-style: none; border-top: 1px solid var(--line); }
.glance li { display: grid; grid-template-columns: 6.2rem 1fr auto; gap: .1rem .9rem; padding: .45rem 0; align-items: baseline; }
.glance li + li { border-top: 1px solid var(--line); }
.glance .when { white-space: nowrap; color: var(--quiet); font-size: .925rem; font-variant-numeric: tabular-nums; }
.numbers { display: flex; flex-wrap: wrap; gap: .5rem clamp(1.4rem, 4vw, 3rem); margin: 0; padding: .8rem clamp(1rem, 2.2vw, 1.6rem); border-top: 1px solid var(--line); font-size: .925rem; }
.numbers dt { font-size: .8rem; color: var(--quiet); }
.numbers dd { margin: 0; font-variant-numeric: tabular-nums; }
.numbers .lag { color: var(--degraded); font-weight: 700; }
.glyph { color: var(--tone); font-weight: 700; display: inline-block; min-width: 1.05em; text-align: center; }
.badge { display: inline-block; padding: .05rem .55rem; border-radius: 1rem; background: var(--wash); color: var(--tone); border: 1px solid var(--tone); font-size: .72rem; font-weight: 700; letter-spacing: .05em; text-transform: uppercase; text-align: center; white-space: nowrap; }
`
