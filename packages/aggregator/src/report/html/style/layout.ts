/** The page around its content: type, header, sections, links, footer. */
export const layout = `*, ::before, ::after { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: anywhere; }
.top, main, footer { max-width: 82rem; margin: 0 auto; padding-left: clamp(.75rem, 2.5vw, 1.75rem); padding-right: clamp(.75rem, 2.5vw, 1.75rem); }
a { color: var(--link); text-underline-offset: .15em; }
a:focus-visible, button:focus-visible, input:focus-visible, select:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .5rem .75rem; z-index: 9; }
.quiet, caption, .address, .question { color: var(--quiet); }
code, pre, .address { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .92em; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 0 0 .6rem; letter-spacing: -.01em; }
h1 { font-size: clamp(1.25rem, 1rem + 1.35vw, 1.9rem); line-height: 1.28; letter-spacing: -.015em; margin: .6rem 0 .4rem; }
h2 + .about { margin-top: -.35rem; }
.scroll + .about { margin-top: .6rem; }
h3 { font-size: 1rem; margin: 0; }
.about { margin: 0 0 .8rem; color: var(--quiet); font-size: .925rem; max-width: 75ch; }
.hidden-text { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.top { display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; align-items: center; padding-top: .9rem; padding-bottom: .9rem; font-size: .925rem; }
.top p, .top ul { margin: 0; padding: 0; list-style: none; }
.brand { margin-right: auto; display: flex; flex-wrap: wrap; gap: 0 .9rem; align-items: baseline; }
.brand > a:first-child { font-weight: 700; font-size: 1.1rem; letter-spacing: -.01em; color: var(--ink); text-decoration: none; }
.mark { display: inline-block; width: .62em; height: .62em; margin-right: .5em; border-radius: 50%; background: var(--failing); outline: 1px solid var(--edge); outline-offset: .18em; }
.top nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; }

main > section { margin-top: 2.75rem; }
main > section:first-child, main > .notice + section { margin-top: 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
.notice { background: var(--degraded-wash); border: 1px solid var(--degraded); border-radius: .6rem; padding: .7rem 1.1rem; margin: 0 0 1rem; }
.notice p { margin: 0; }
.notice p + p { margin-top: .3rem; }
.lines { margin: 0; padding: .75rem 1.1rem .75rem 2.1rem; }
.lines li + li { margin-top: .25rem; }
.local { color: var(--quiet); white-space: nowrap; }

button, input, select { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--edge); border-radius: .4rem; padding: .35rem .6rem; min-height: 2.25rem; max-width: 100%; }
button { cursor: pointer; background: var(--code); font-weight: 600; }
form { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; margin: 0 0 .8rem; font-size: .925rem; }
form label { display: grid; grid-template-columns: minmax(0, auto); min-width: 0; max-width: 100%; gap: .15rem; color: var(--quiet); font-size: .85rem; }
form label input, form label select { color: var(--ink); font-size: .925rem; }
form .hint { flex-basis: 100%; margin: 0; font-size: .85rem; color: var(--quiet); }
.tools { display: flex; flex-wrap: wrap; gap: 0 2.5rem; justify-content: space-between; }
.pages { display: flex; flex-wrap: wrap; gap: .3rem 1rem; margin: .7rem .2rem 0; padding: 0; list-style: none; font-size: .925rem; }

footer { margin-top: 3rem; padding-top: 1rem; padding-bottom: 2.5rem; font-size: .9rem; color: var(--quiet); }
footer p { margin: .2rem 0; }
.live { position: fixed; right: 1rem; bottom: 1rem; max-width: calc(100vw - 2rem); margin: 0; padding: .45rem .9rem; border-radius: .5rem; background: var(--ink); color: var(--page); font-size: .9rem; z-index: 8; }
.live:empty { display: none; }
.later { visibility: hidden; animation: appear 0s 45s forwards; }
@keyframes appear { to { visibility: visible; } }
`
