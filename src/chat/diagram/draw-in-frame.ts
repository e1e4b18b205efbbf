/**
 * Draws one diagram with Mermaid and tells the page. Runs in a frame without an origin or a network
 * (`tools/build/diagram-frame.ts`), built as a file of its own: nothing of Mermaid comes near the page.
 */
import mermaid from 'mermaid';
import type { DiagramAnswer, DiagramOrder } from '../../shared/protocol/diagram';

declare global {
  /** Put here by the frame before this script. */
  var diagramOrder: DiagramOrder;
}

/** Far more than a person can read in a diagram; layout takes time with the square of it. */
const mostEdges = 400;

/** What Mermaid says of a diagram, without what it says to programmers. */
function wordsOf(error: unknown, source: string): string {
  const [words = ''] = (error instanceof Error ? error.message : String(error)).split('\n\nInitialize mermaid');
  // It counts without the lines that it leaves out, and would name a line that is right.
  const leavesOutLines = /^\s*\n/.test(source) || /^\s*(?:%%|---)/m.test(source);
  return leavesOutLines ? words.replace(/ on line \d+/, '') : words;
}

async function draw({ source, dark }: DiagramOrder): Promise<DiagramAnswer> {
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    // What a directive in the diagram itself cannot change.
    secure: [
      'secure',
      'securityLevel',
      'startOnLoad',
      'maxTextSize',
      'maxEdges',
      'suppressErrorRendering',
      'htmlLabels',
      'dompurifyConfig',
      'fontFamily',
    ],
    maxTextSize: source.length + 1,
    maxEdges: mostEdges,
    suppressErrorRendering: true,
    htmlLabels: false,
    theme: dark ? 'dark' : 'default',
    darkMode: dark,
    // The same in the frame that shows the drawing, or texts would not fit into their boxes.
    fontFamily: 'system-ui, sans-serif',
    // Errors are answered, not logged.
    logLevel: 'fatal',
  });
  try {
    const { svg } = await mermaid.render('diagram', source);
    const width = Number(/\bviewBox="[-\d.e]+ [-\d.e]+ ([\d.]+) /.exec(svg)?.[1] ?? 0);
    return { type: 'drawn', svg, width };
  } catch (error) {
    return { type: 'refused', message: wordsOf(error, source) };
  }
}

void draw(globalThis.diagramOrder).then((answer) => parent.postMessage(answer, '*'));
