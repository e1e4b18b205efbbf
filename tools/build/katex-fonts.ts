import type { Plugin } from 'vite';

/**
 * KaTeX's style sheet names each font in three formats. Every browser that can run a model reads the first; the other forty
 * files would only lie in `dist`.
 */
export function onlyModernKatexFonts(): Plugin {
  return {
    name: 'sotto:katex-fonts',
    enforce: 'pre',
    transform: (code, id) =>
      id.endsWith('/katex.min.css')
        ? code.replace(/,url\([^)]*\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)/g, '')
        : null,
  };
}
