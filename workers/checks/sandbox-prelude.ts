/**
 * Runs in the sandbox before the code that is checked, and keeps to itself what it needs: code that changes `JSON.parse` or `Array`
 * changes only what it sees itself. The expected results never come here, so that no code can find and return them.
 */
export const prelude = `(() => {
  const { parse, stringify } = JSON;
  const { isArray } = Array;
  const { keys, prototype: { toString } } = Object;
  const { apply } = Reflect;
  const { isFinite } = Number;
  const most = 100000;
  const module = { exports: {} };
  globalThis.module = module;
  globalThis.exports = module.exports;
  const quote = (text) => stringify('' + text);
  const odd = (word) => '{"kind":"odd","word":' + quote(word) + '}';
  let count = 0;
  const written = (value, depth) => {
    count += 1;
    if (count > most) throw new RangeError('the result is too large');
    if (value === null || typeof value === 'boolean' || typeof value === 'string')
      return '{"kind":"plain","value":' + stringify(value) + '}';
    if (typeof value === 'number')
      return isFinite(value) ? '{"kind":"plain","value":' + (value === 0 && 1 / value < 0 ? '-0' : value) + '}' : odd(value);
    if (typeof value === 'bigint') return odd(value + 'n');
    if (typeof value !== 'object') return odd(typeof value);
    if (depth > 100) return odd('…');
    if (typeof value.toJSON === 'function') return written(value.toJSON(), depth + 1);
    let text = '';
    if (isArray(value)) {
      for (let index = 0; index < value.length; index += 1) text += (index ? ',' : '') + written(value[index], depth + 1);
      return '{"kind":"list","items":[' + text + ']}';
    }
    const tag = apply(toString, value, []);
    if (tag !== '[object Object]' && tag !== '[object Arguments]') return odd(tag.slice(8, -1));
    const names = keys(value);
    for (let index = 0; index < names.length; index += 1)
      text += (index ? ',' : '') + '[' + quote(names[index]) + ',' + written(value[names[index]], depth + 1) + ']';
    return '{"kind":"record","entries":[' + text + ']}';
  };
  return {
    write: (value) => { count = 0; return written(value, 0); },
    call: (found, text) => found(...parse(text)),
    exported: (name) => {
      const all = module.exports;
      if (typeof all === 'function') return all;
      const found = all === null || all === undefined ? undefined : all[name];
      return typeof found === 'function' ? found : typeof all?.default === 'function' ? all.default : undefined;
    },
  };
})()`;
