/**
 * Runs inside the browser, in a module worker as the app's engine worker is one: loads a model into one build of llama.cpp and
 * times prefill and decode on request. Both ways of asking are the fastest that the build offers.
 */

/** A text of so many tokens (an odd number) for the tokenizer of our synthetic models, to which a letter is one. */
const text = (tokens) => 'a' + ' a'.repeat((tokens - 1) / 2);

async function openCurrent({ packages, compat, model, threads, batch, load }) {
  const { Wllama } = await import(`${packages}/@wllama/wllama/esm/index.js`);
  const wllama = new Wllama(
    { default: `${packages}/@wllama/wllama/esm/wasm/wllama.wasm` },
    { suppressNativeLog: true },
  );
  wllama.setCompat(null);
  if (compat) {
    // The build for browsers without JSPI and 64-bit memory, which wllama itself would not take here.
    const code = await (await fetch(`${compat}/wasm/wllama.js`)).text();
    wllama.getWorkerResources = () => ({ wasmPath: `${compat}/wasm/wllama.wasm`, jsPath: { code }, compat: true });
  }
  const started = performance.now();
  await wllama.loadModel([model], {
    n_gpu_layers: 0,
    n_ctx: 512,
    n_threads: threads,
    n_batch: batch,
    n_ubatch: batch,
    n_parallel: 1,
    warmup: false,
    ...load,
  });
  const run = async (prompt, tokens) => {
    const stamps = [performance.now()];
    let promptTokens = 0;
    await wllama.createCompletion({
      prompt,
      max_tokens: tokens,
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0,
      top_k: 1,
      cache_prompt: false,
      ignore_eos: true,
      logit_bias: { a: 200 },
      onData: (chunk) => {
        if (chunk.choices[0]?.text) stamps.push(performance.now());
        if (chunk.usage) promptTokens = chunk.usage.prompt_tokens;
      },
    });
    return { stamps, promptTokens };
  };
  return {
    loadMs: performance.now() - started,
    threads: wllama.getNumThreads(),
    async prefill(tokens) {
      const { stamps, promptTokens } = await run(text(tokens), 1);
      return ((stamps[1] - stamps[0]) / promptTokens) * tokens;
    },
    async decode([depth, tokens]) {
      const { stamps } = await run(text(depth), tokens + 1);
      return stamps.at(-1) - stamps[1];
    },
  };
}

async function openOlder({ older, model, threads, batch }) {
  // It was not made for workers.
  self.document = { baseURI: self.location.href };
  const { Wllama } = await import(`${older}/esm/index.js`);
  const wllama = new Wllama(
    {
      'single-thread/wllama.wasm': `${older}/esm/single-thread/wllama.wasm`,
      'multi-thread/wllama.wasm': `${older}/esm/multi-thread/wllama.wasm`,
    },
    { suppressNativeLog: true },
  );
  const started = performance.now();
  await wllama.loadModel([model], { n_ctx: 512, n_threads: threads, n_batch: batch });
  const loadMs = performance.now() - started;
  await wllama.samplingInit({ temp: 0 });
  const word = await wllama.lookupToken('a');
  return {
    loadMs,
    threads,
    async prefill(tokens) {
      await wllama.kvClear();
      const from = performance.now();
      await wllama.decode(new Array(tokens).fill(word), {});
      await wllama.samplingSample();
      return performance.now() - from;
    },
    async decode([depth, tokens]) {
      await wllama.kvClear();
      await wllama.decode(new Array(depth).fill(word), {});
      const from = performance.now();
      for (let token = 0; token < tokens; token += 1) {
        await wllama.samplingSample();
        await wllama.decode([word], {});
      }
      return performance.now() - from;
    },
  };
}

let engine;
self.onmessage = async ({ data: { verb, argument } }) => {
  try {
    if (verb === 'open') {
      const model = await (await fetch(argument.address)).blob();
      engine = await (argument.older ? openOlder : openCurrent)({ ...argument, model });
      self.postMessage({ value: { loadMs: engine.loadMs, threads: engine.threads } });
    } else {
      self.postMessage({ value: await engine[verb](argument) });
    }
  } catch (error) {
    self.postMessage({ error: String(error?.message ?? error) });
  }
};
