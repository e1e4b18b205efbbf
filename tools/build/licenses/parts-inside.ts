/**
 * What packages carry inside of their own files, where no bundler can see it: code of others that was compiled to WebAssembly or
 * copied into a script, and fonts. Looked up in the sources of each package, and in the names that its binaries contain; parts in the
 * public domain need no notice. It holds for one version: the build asks for another look when that changes.
 */

/** A file in `texts/`, or `npm:` with the path of a file in `node_modules`. */
type TextSource = string;

export interface PartInside {
  readonly name: string;
  readonly license: string;
  readonly address: string;
  readonly texts: readonly TextSource[];
}

export interface PackageNote {
  /** The version that was looked into. Missing where nothing is inside, only the package's own license needs a word. */
  readonly version?: string;
  /** For packages that state no license in their manifest, but bring its text. */
  readonly license?: string;
  /** For packages that state a license, but bring no text of it. */
  readonly texts?: readonly TextSource[];
  readonly inside?: readonly PartInside[];
}

const apache = (name: string, address: string, ...notices: TextSource[]): PartInside => ({
  name,
  license: 'Apache-2.0',
  address,
  texts: ['apache-2.0.txt', ...notices],
});

const part = (name: string, license: string, address: string, text: TextSource): PartInside => ({
  name,
  license,
  address,
  texts: [text],
});

/** What Emscripten links into every program: its own scripts, the C library, the C++ library. */
const emscripten: readonly PartInside[] = [
  part('Emscripten', 'MIT', 'https://emscripten.org', 'emscripten.txt'),
  part('musl', 'MIT', 'https://musl.libc.org', 'musl.txt'),
  {
    name: 'LLVM libc++, libc++abi and compiler-rt',
    license: 'Apache-2.0 WITH LLVM-exception',
    address: 'https://llvm.org',
    texts: ['apache-2.0.txt', 'llvm-exception.txt'],
  },
];

const llamaCpp: readonly PartInside[] = [
  part('llama.cpp and ggml', 'MIT', 'https://github.com/ggml-org/llama.cpp', 'llama-cpp.txt'),
  part('JSON for Modern C++', 'MIT', 'https://github.com/nlohmann/json', 'nlohmann-json.txt'),
  part('stb_image', 'MIT', 'https://github.com/nothings/stb', 'stb.txt'),
  part('miniaudio', 'MIT-0', 'https://github.com/mackron/miniaudio', 'miniaudio.txt'),
  part('xxHash', 'BSD-2-Clause', 'https://github.com/Cyan4973/xxHash', 'xxhash.txt'),
  part('Dawn (emdawnwebgpu)', 'BSD-3-Clause', 'https://dawn.googlesource.com/dawn', 'dawn.txt'),
  ...emscripten,
];

const xgrammar: readonly PartInside[] = [
  part('PicoJSON', 'BSD-2-Clause', 'https://github.com/kazuho/picojson', 'picojson.txt'),
  apache('DLPack', 'https://github.com/dmlc/dlpack'),
  ...emscripten,
];

const crate = (name: string): string => `https://crates.io/crates/${name}`;

/** mlc-ai/tokenizers-cpp, with the libraries of Hugging Face and Google in it. Crates of two licenses are taken under Apache-2.0. */
const tokenizers: readonly PartInside[] = [
  apache('tokenizers-cpp', 'https://github.com/mlc-ai/tokenizers-cpp'),
  apache('Hugging Face tokenizers', 'https://github.com/huggingface/tokenizers'),
  apache('The Rust standard library', 'https://github.com/rust-lang/rust'),
  ...[
    'base64',
    'crossbeam-deque',
    'crossbeam-epoch',
    'lazy_static',
    'log',
    'once_cell',
    'rand',
    'rand_chacha',
    'rayon',
    'rayon-core',
    'regex',
    'regex-automata',
    'regex-syntax',
    'serde',
    'serde_json',
    'smallvec',
    'spm_precompiled',
    'unicode-normalization-alignments',
    'unicode-segmentation',
  ].map((name) => apache(name, crate(name))),
  part('aho-corasick', 'Unlicense', crate('aho-corasick'), 'unlicense.txt'),
  part('memchr', 'Unlicense', crate('memchr'), 'unlicense.txt'),
  part('onig', 'MIT', crate('onig'), 'onig.txt'),
  part('Oniguruma', 'BSD-2-Clause', 'https://github.com/kkos/oniguruma', 'oniguruma.txt'),
  apache('SentencePiece', 'https://github.com/google/sentencepiece'),
  apache('Abseil', 'https://abseil.io'),
  part('Protocol Buffers', 'BSD-3-Clause', 'https://protobuf.dev', 'protobuf.txt'),
  part('Darts-clone', 'BSD-3-Clause', 'https://github.com/s-yata/darts-clone', 'darts-clone.txt'),
  part('esaxx', 'MIT', 'https://github.com/hillbig/esaxx', 'esaxx.txt'),
];

export const packageNotes: Readonly<Record<string, PackageNote>> = {
  // The kernels of the CPU engine: what they call of the compiler's library is compiled in.
  assemblyscript: {
    texts: ['apache-2.0.txt', 'npm:assemblyscript/NOTICE'],
    inside: [
      part('musl (sine, cosine, power)', 'MIT', 'https://musl.libc.org', 'musl.txt'),
      part(
        'Arm Optimized Routines',
        'MIT',
        'https://github.com/ARM-software/optimized-routines',
        'arm-optimized-routines.txt',
      ),
    ],
  },
  '@cfworker/json-schema': {
    version: '4.1.6',
    texts: ['cfworker.txt'],
    inside: [part('Ajv (formats of JSON Schema)', 'MIT', 'https://ajv.js.org', 'npm:ajv/LICENSE')],
  },
  '@jitl/quickjs-wasmfile-release-sync': {
    version: '0.32.0',
    inside: [
      // Its license stands below that of the package, in one file.
      part('QuickJS', 'MIT', 'https://bellard.org/quickjs/', 'npm:@jitl/quickjs-wasmfile-release-sync/LICENSE'),
      ...emscripten,
    ],
  },
  'hash-wasm': {
    version: '4.12.0',
    inside: [
      part('SHA-256 of RHash', '0BSD', 'https://github.com/rhash/RHash', 'sha256-rhash.txt'),
      part('Argon2 of Go', 'BSD-3-Clause', 'https://pkg.go.dev/golang.org/x/crypto/argon2', 'go.txt'),
      apache('BLAKE2, the reference in C', 'https://github.com/BLAKE2/BLAKE2'),
    ],
  },
  // Bundlers take its finished script, with what it needs inside.
  jszip: {
    version: '3.10.2',
    inside: [
      part('pako', 'MIT AND Zlib', 'https://github.com/nodeca/pako', 'npm:pako/LICENSE'),
      part('lie', 'MIT', 'https://github.com/calvinmetcalf/lie', 'npm:lie/license.md'),
      part('immediate', 'MIT', 'https://github.com/calvinmetcalf/immediate', 'npm:immediate/LICENSE.txt'),
      part('setimmediate', 'MIT', 'https://github.com/YuzuJS/setImmediate', 'npm:setimmediate/LICENSE.txt'),
      part('readable-stream', 'MIT', 'https://github.com/nodejs/readable-stream', 'npm:readable-stream/LICENSE'),
    ],
  },
  katex: { version: '0.19.1', inside: [part('Fonts of KaTeX', 'OFL-1.1', 'https://katex.org', 'ofl-katex.txt')] },
  '@mlc-ai/web-llm': {
    version: '0.2.86',
    inside: [
      apache('Apache TVM (web runtime)', 'https://tvm.apache.org', 'tvm-notice.txt'),
      apache('XGrammar', 'https://github.com/mlc-ai/xgrammar'),
      part('loglevel', 'MIT', 'https://github.com/pimterry/loglevel', 'loglevel.txt'),
      part('tslib', '0BSD', 'https://github.com/microsoft/tslib', 'tslib.txt'),
      ...tokenizers,
      ...xgrammar,
    ],
  },
  '@mlc-ai/web-xgrammar': { version: '0.1.27', texts: ['apache-2.0.txt'], inside: xgrammar },
  'pdfjs-dist': {
    version: '6.5.438',
    inside: [
      part('core-js', 'MIT', 'https://github.com/zloirock/core-js', 'core-js.txt'),
      part(
        'Character maps of Adobe',
        'BSD-3-Clause',
        'https://github.com/adobe-type-tools/cmap-resources',
        'npm:pdfjs-dist/cmaps/LICENSE',
      ),
      {
        name: 'PDFium (images in JBIG2 and fax)',
        license: 'BSD-3-Clause AND Apache-2.0',
        address: 'https://pdfium.googlesource.com/pdfium',
        texts: ['npm:pdfjs-dist/wasm/LICENSE_JBIG2', 'npm:pdfjs-dist/wasm/LICENSE_PDFJS_JBIG2'],
      },
      {
        name: 'OpenJPEG',
        license: 'BSD-2-Clause',
        address: 'https://www.openjpeg.org',
        texts: ['npm:pdfjs-dist/wasm/LICENSE_OPENJPEG', 'npm:pdfjs-dist/wasm/LICENSE_PDFJS_OPENJPEG'],
      },
      ...emscripten,
    ],
  },
  'svelte-toolbelt': { license: 'MIT' },
  khroma: { license: 'MIT' },
  // Its own text is followed by those of a hundred packages that the tool needs, and a build does not contain.
  vite: { texts: ['vite.txt'] },
  '@wllama/wllama': { version: '3.13.0', inside: llamaCpp },
  // The same sources, compiled for other browsers.
  '@wllama/wllama-compat': { version: '3.13.0', texts: ['npm:@wllama/wllama/LICENCE'], inside: llamaCpp },
};
