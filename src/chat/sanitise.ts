/** The one door through which a model's words become elements. Loaded when there is something to show. */
import createDOMPurify, { type Config } from 'dompurify';

const allowed: Config = {
  ALLOWED_TAGS: [
    ...['p', 'br', 'hr', 'h3', 'h4', 'h5', 'h6', 'strong', 'em', 'del', 'a', 'span', 'code', 'pre', 'blockquote'],
    ...['ul', 'ol', 'li', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ],
  ALLOWED_ATTR: ['href', 'align', 'start', 'class'],
  ALLOWED_URI_REGEXP: /^(?:https?:\/\/|mailto:)/i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  ALLOW_UNKNOWN_PROTOCOLS: false,
  // As elements rather than as a string: what was checked is what is inserted, with no second parse between them.
  RETURN_DOM_FRAGMENT: true,
};

const ownClass = /^(?:language-[\w+#.-]{1,30}|image-placeholder|control-character)$/;

const purifier = createDOMPurify(window);

purifier.addHook('uponSanitizeAttribute', (_element, data) => {
  if (data.attrName === 'class' && !ownClass.test(data.attrValue)) data.keepAttr = false;
});

purifier.addHook('afterSanitizeAttributes', (element) => {
  if (element.nodeName !== 'A') return;
  const address = URL.parse(element.getAttribute('href') ?? '');
  if (!address) {
    element.removeAttribute('href');
    return;
  }
  element.setAttribute('target', '_blank');
  element.setAttribute('rel', 'noopener noreferrer nofollow ugc');
  // Where the link really leads, whatever it says: shown on hover and on focus.
  element.setAttribute('title', address.protocol === 'mailto:' ? address.pathname : address.host);
});

/** Elements for the page from HTML that nobody vouches for. */
export const sanitise = (html: string): DocumentFragment =>
  purifier.sanitize(html, allowed) as unknown as DocumentFragment;
