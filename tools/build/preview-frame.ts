/**
 * The document in which what a model wrote as HTML or SVG is shown: an origin of its own, no network, and no script but the one
 * below, which puts the words in and lets through nothing that runs, loads or leads anywhere.
 *
 * The script is inside of the document: it belongs to no origin, so it may not even fetch a file of ours.
 */
import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

export const previewPath = 'preview/frame.html';

/** Everything that loads, runs or sends. Styles stay: they can load nothing here. */
const script = `
const unwanted = 'script, meta, base, link, iframe, frame, frameset, object, embed, portal, audio, video, source, track, noscript';
const leading = /^(href|xlink:href|src|srcset|action|formaction|data|poster|background|ping|target|download|manifest|autofocus|http-equiv|srcdoc)$/i;
const harmless = /^(#|data:image\\/)/i;
addEventListener('message', ({ data, source }) => {
  if (source !== parent || typeof data !== 'object' || data === null || typeof data.source !== 'string') return;
  const policy = globalThis.trustedTypes?.createPolicy('preview', { createHTML: (text) => text });
  const text = policy ? policy.createHTML(data.source) : data.source;
  const parsed = new DOMParser().parseFromString(text, 'text/html');
  for (const element of parsed.querySelectorAll(unwanted)) element.remove();
  for (const element of parsed.querySelectorAll('*')) {
    for (const { name, value } of [...element.attributes]) {
      if (/^on/i.test(name) || (leading.test(name) && !harmless.test(value.trim()))) element.removeAttribute(name);
    }
  }
  for (const name of ['class', 'style', 'lang', 'dir']) {
    for (const part of ['documentElement', 'body']) {
      const value = parsed[part].getAttribute(name);
      if (value !== null) document[part].setAttribute(name, value);
    }
  }
  document.head.append(...parsed.querySelectorAll('head style'));
  document.body.replaceChildren(...parsed.body.childNodes);
  parent.postMessage('preview-shown', '*');
}, { once: true });
`;

export const previewScriptHash = `'sha256-${createHash('sha256').update(script).digest('base64')}'`;

/** @param policy as the header has it, for hosts that send none; a meta tag knows no \`sandbox\` and no \`frame-ancestors\` */
const documentWith = (policy: string): string => `<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta http-equiv="x-dns-prefetch-control" content="off">
<meta name="viewport" content="width=device-width">
<style>html { background: #fff; color: #111; font-family: system-ui, sans-serif } svg { max-width: 100%; height: auto }</style>
<script>${script}</script>
</head>
<body></body>
</html>
`;

export function previewFrame(policy: string): Plugin {
  const html = documentWith(policy);
  return {
    name: 'sotto:preview-frame',
    configureServer(server) {
      server.middlewares.use(`/${previewPath}`, (_, response) => {
        response.setHeader('Content-Type', 'text/html; charset=utf-8').end(html);
      });
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: previewPath, source: html });
    },
  };
}
