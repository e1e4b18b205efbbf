import type { Attachment } from 'svelte/attachments';

/** For a frame that does not come, in ms. It is a small file; without a network, browsers may not take it from the copy for use offline. */
const patienceMs = 10_000;

interface Talk<Answer> {
  /** The frame is here, and can be told what to do. */
  readonly come: (post: (message: unknown) => void) => void;
  /** What it says is as hostile as what runs in it. */
  readonly heard: (answer: Answer) => void;
  readonly missing: () => void;
}

/** How the page talks with a sandboxed frame. One that does not come at all tells nothing, so it is waited for. */
export const frameTalk =
  <Answer>({ come, heard, missing }: Talk<Answer>): Attachment<HTMLIFrameElement> =>
  (frame) => {
    const gone = new AbortController();
    const { signal } = gone;
    const timer = setTimeout(missing, patienceMs);
    frame.addEventListener(
      'load',
      () => {
        clearTimeout(timer);
        // The frame has no origin that could be named. It is ours: the policy lets it lead nowhere else.
        come((message) => frame.contentWindow?.postMessage(message, '*'));
      },
      { signal },
    );
    addEventListener(
      'message',
      ({ data, source }: MessageEvent<Answer>) => {
        if (source !== null && source === frame.contentWindow) heard(data);
      },
      { signal },
    );
    return () => {
      clearTimeout(timer);
      gone.abort();
    };
  };
