import type { Plugin } from 'vite';

/** An icon as the library has it: the elements within its `svg`. */
interface Icon {
  readonly name: string;
  readonly node: readonly (readonly [tag: string, attributes: Readonly<Record<string, string>>])[];
}

const element = ([tag, attributes]: Icon['node'][number]): string =>
  `<${tag} ${Object.entries(attributes)
    .map(([name, value]) => `${name}="${value}"`)
    .join(' ')} />`;

/** What is said in place of the library's component. It takes what the app gives to icons, and nothing else. */
const component = ({ name, node }: Icon): string => `<script>
  const { size, strokeWidth = 2, fill = 'none', 'aria-hidden': hidden, 'aria-label': label } = $props();
</script>
<svg class="lucide lucide-${name}" width={size} height={size} viewBox="0 0 24 24" {fill} stroke="currentColor"
  stroke-width={strokeWidth} stroke-linecap="round" stroke-linejoin="round"
  aria-hidden={hidden} aria-label={label}>${node.map(element).join('')}</svg>`;

/**
 * Draws each icon from a template of its own. The library's component builds it from data, element by element, and takes any
 * attribute: code that the first screen would have to load for a handful of lines.
 */
export function staticIcons(): Plugin {
  return {
    name: 'sotto:static-icons',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      if (!/@lucide\/svelte\/dist\/icons\/[\w-]+\.svelte$/.test(id)) return null;
      const [, data] = /const iconData = (\{.*\});/.exec(code) ?? [];
      if (data === undefined) throw new Error(`${id} has no data of an icon`);
      return { code: component(JSON.parse(data) as Icon), map: null };
    },
  };
}
