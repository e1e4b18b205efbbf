/** What stands in the place of an image of the model: loading one would tell its host that, and what, somebody reads. */
import { cutText } from '../../shared/domain/cut-text';
import { m } from '../../text/paraglide/messages.js';

const shownAddress = 120;

// Pictures that are in the text itself can be shown: nothing is loaded for them. No SVG, which could ask for more.
const inText = /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+$/;

function showButton(href: string, words: string, placeholder: HTMLElement): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'quiet';
  button.textContent = m.md_show_image();
  button.addEventListener('click', () => {
    const image = document.createElement('img');
    image.src = href;
    image.alt = words;
    placeholder.replaceWith(image);
  });
  return button;
}

export function imagePlaceholder(href: string, words: string): HTMLElement {
  const placeholder = document.createElement('span');
  placeholder.className = 'image-placeholder';
  const address = document.createElement('code');
  address.textContent = href.length > shownAddress ? `${cutText(href, shownAddress)}…` : href;
  placeholder.append(words === '' ? `${m.md_image()} ` : `${m.md_image_of({ words })} `, address);
  if (inText.test(href)) placeholder.append(' ', showButton(href, words, placeholder));
  return placeholder;
}
