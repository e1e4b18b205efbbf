/** Whether a path of a manifest stays inside its folder, in every way in which it is used: address, key, and name on disk. */
export const isSafePath = (path: string): boolean =>
  path.length > 0 &&
  path.length <= 500 &&
  // eslint-disable-next-line no-control-regex
  !/[\\\u0000-\u001f]/.test(path) &&
  path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
