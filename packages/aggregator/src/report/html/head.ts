import { html } from 'ghtml'

/**
 * A page from its first line to the end of its head: no width but the reader's own, light and dark, and no icon to ask for.
 * @param files HTML: style and script
 */
export const headHtml = (title: string, files: string): string => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
!${files}
</head>`
