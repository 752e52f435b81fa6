/** Colours, light and dark. Every pair of text and ground has a contrast of at least 4.5:1; none says what glyph and text do not. */
export const tokens = `:root {
  color-scheme: light dark;
  --page: #f4f5f7; --card: #ffffff; --ink: #15181e; --quiet: #565e6b; --line: #d8dde4; --code: #eef0f4; --edge: #7c8694;
  --ok: #0a665a; --degraded: #835000; --failing: #b3261e; --no-data: #565e6b; --link: #0b55a0;
  --ok-wash: #e9f5f2; --degraded-wash: #fff3de; --failing-wash: #fdeceb; --no-data-wash: #edeff3; --mark: #0b55a0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f1216; --card: #171b21; --ink: #e8ebf0; --quiet: #a3abb8; --line: #2d343e; --code: #0f1318; --edge: #727d8c;
    --ok: #63d2bd; --degraded: #f0b55f; --failing: #ff948a; --no-data: #a3abb8; --link: #8fbff6;
    --ok-wash: #12302b; --degraded-wash: #35280f; --failing-wash: #3b1c1a; --no-data-wash: #222831; --mark: #8fbff6;
  }
}
.ok { --tone: var(--ok); --wash: var(--ok-wash); }
.degraded, .warning { --tone: var(--degraded); --wash: var(--degraded-wash); }
.failing, .critical { --tone: var(--failing); --wash: var(--failing-wash); }
.no-data, .info { --tone: var(--no-data); --wash: var(--no-data-wash); }
`
