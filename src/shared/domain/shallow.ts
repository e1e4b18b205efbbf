/** Deeper data than this is an attack, and would end recursive code in a stack overflow. */
const mostDepth = 60;

/** Whether data can be walked through by recursive code; also false for data that contains itself. */
export function isShallow(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth < mostDepth && Object.values(value).every((inner) => isShallow(inner, depth + 1));
}
