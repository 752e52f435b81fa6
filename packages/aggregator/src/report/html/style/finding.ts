/** A finding, and the files that are made of it. */
export const finding = `.finding { background: var(--card); border: 1px solid var(--line); border-left: .35rem solid var(--tone); border-radius: .6rem; padding: 1.1rem clamp(1rem, 2.2vw, 1.6rem) 1.3rem; }
.finding + .finding { margin-top: 1.1rem; }
.finding + .folded { margin-top: 1.1rem; }
.folded { margin-top: .5rem; }
.folded > summary { background: var(--card); border: 1px solid var(--line); border-left: .35rem solid var(--tone); border-radius: .6rem; padding: .55rem clamp(1rem, 2.2vw, 1.6rem); }
.names { display: inline; margin: 0; }
.names > p { margin: .35rem 0 0; }
.finding > header { display: flex; flex-wrap: wrap; gap: .2rem .8rem; align-items: baseline; }
.finding > header h1, .finding > header h3 { flex: 1 1 18rem; font-size: 1.2rem; line-height: 1.35; letter-spacing: -.01em; margin: 0; }
.finding > header h1 { flex-basis: 100%; order: 1; font-size: clamp(1.25rem, 1rem + 1.35vw, 1.9rem); }
.finding > header a { font-size: .875rem; white-space: nowrap; }
.finding .sub { margin: 1.2rem 0 .35rem; font-size: .8rem; letter-spacing: .06em; text-transform: uppercase; color: var(--quiet); }
.finding p { margin: .35rem 0; max-width: 80ch; }
.story { font-size: 1.05rem; }
.circumstances { display: flex; flex-wrap: wrap; gap: .6rem clamp(1.4rem, 4vw, 2.75rem); margin: .9rem 0 1.1rem; }
.circumstances > div { min-width: 0; max-width: 100%; }
.circumstances dt { font-size: .8rem; color: var(--quiet); }
.circumstances dd { margin: 0; }
.command { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 .5rem; align-items: start; margin-top: .5rem; }
.command > .place { grid-column: 1 / -1; margin: 0; font-size: .875rem; color: var(--quiet); }
pre { margin: 0; padding: .6rem .85rem; background: var(--code); border: 1px solid var(--line); border-radius: .4rem; white-space: pre-wrap; overflow-wrap: anywhere; font-size: .875rem; }
.command button { font-size: .85rem; }
.references { margin: .3rem 0 0; padding-left: 1.1rem; font-size: .9rem; columns: 24rem auto; }
.downloads { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; margin: 0; padding: 0; list-style: none; font-size: .925rem; }
`
