/** A sentence is spoken and stands in the message; nobody else hears it. */
import { writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { HubControl } from '../fixtures/hub/hub-control';
import { standardAnswers } from '../fixtures/hub/standard-answers';
import { wavOfTone, withMicrophone } from '../fixtures/microphone';
import { hubOrigin } from './hub-origin';
import { rawStorage } from './raw-storage';
import type { SottoPage } from './sotto-page';
import { expect, test } from './test';
import { violationsOn } from './violations';

const control = new HubControl(hubOrigin);
const sentence = standardAnswers.speech.join('');

test.use({ launchOptions: withMicrophone() });

declare global {
  /** In the page: how often the browser was asked for the microphone, and what it gave. */
  var microphones: MediaStream[];
}

/** Notes what the page asks the browser for. */
const listen = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    globalThis.microphones = [];
    const { mediaDevices } = navigator;
    const ask = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (wish) => {
      const stream = await ask(wish);
      globalThis.microphones.push(stream);
      return stream;
    };
  });

const tracks = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() =>
    globalThis.microphones.flatMap((stream) => stream.getTracks().map(({ readyState }) => readyState)),
  );

/** A model that writes down whatever is said. */
async function withSpeechModel(sotto: SottoPage): Promise<void> {
  await control.reset();
  await sotto.open('Settings');
  await sotto.useModelHost(hubOrigin);
  await sotto.goTo('Models');
  const dialog = await sotto.askForModel('https://huggingface.co/sotto/tiny-asr-GGUF');
  await sotto.button('Download', dialog).click();
  // Nobody talks to it: there is no way to use it for a chat.
  const card = sotto.page.getByRole('article', { name: /tiny-asr/ });
  await expect(sotto.button('Delete', card)).toBeVisible();
  await expect(sotto.button('Pause', card)).toHaveCount(0);
  await sotto.goTo('Chat');
}

const clock = (page: Page) => page.getByRole('group', { name: 'Recording' }).getByText(/^0:0[1-9]$/);

test('a spoken sentence stands in the message, to be corrected, and is sent by nobody', async ({
  context,
  page,
  sotto,
}) => {
  await context.grantPermissions(['microphone']);
  await listen(page);
  await withSpeechModel(sotto);
  expect(await tracks(page), 'the microphone before the first press').toEqual([]);
  await sotto.message.fill('Note:');
  await sotto.button('Dictate').click();
  await expect(clock(page)).toBeVisible();
  expect(await violationsOn(page)).toEqual([]);
  expect(await tracks(page)).toEqual(['live']);
  const requests: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith('blob:')) requests.push(`${request.method()} ${new URL(request.url()).pathname}`);
  });
  await sotto.button('Stop dictating').click();
  await expect(sotto.message).toHaveValue(`Note: ${sentence}`, { timeout: 60_000 });
  // Files of the app itself, and nothing that carries anything.
  expect(requests.filter((request) => !/^GET \/(assets|engine-worker|quiet-worker)\//.test(request))).toEqual([]);
  expect(await tracks(page), 'the sign of the browser goes out').toEqual(['ended']);
  await expect(sotto.message).toBeFocused();
  await expect(sotto.questions).toHaveCount(0);
  expect(await rawStorage(page), 'the sound is kept nowhere').not.toContain('WAVEfmt');

  // From the keyboard, and given up.
  await sotto.button('Dictate').focus();
  await page.keyboard.press('Enter');
  await expect(clock(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('group', { name: 'Recording' })).toHaveCount(0);
  expect(await tracks(page)).toEqual(['ended', 'ended']);
  await expect(sotto.message).toHaveValue(`Note: ${sentence}`);

  // Taken away in the middle.
  await sotto.message.fill('');
  await sotto.button('Dictate').click();
  await expect(clock(page)).toBeVisible();
  await page.evaluate(() => globalThis.microphones.at(-1)?.getTracks()[0]?.dispatchEvent(new Event('ended')));
  await expect(page.getByRole('alert')).toContainText('The microphone is gone');
  await expect(sotto.message).toHaveValue(sentence, { timeout: 60_000 });
  await sotto.button('Dismiss').click();

  // Begun in one chat, finished while another is looked at: it stays where it belongs.
  await sotto.message.fill('');
  await sotto.ask('Who are you?');
  await sotto.whole();
  await sotto.button('Dictate').click();
  await expect(clock(page)).toBeVisible();
  await sotto.newChat();
  expect(await tracks(page)).toEqual(['ended', 'ended', 'ended', 'ended']);
  await expect(sotto.message).toHaveValue('');
  await sotto.chat('Who are you?').getByRole('link').click();
  await expect(sotto.message).toHaveValue(sentence, { timeout: 60_000 });
});

test('an audio file is turned into text; three hours are refused before they are decoded', async ({
  page,
  sotto,
}, info) => {
  await withSpeechModel(sotto);
  const pick = async (name: string, buffer: Buffer, mimeType = 'audio/wav'): Promise<void> =>
    (await sotto.fileChooser()).setFiles({ name, buffer, mimeType });
  await pick('memo.wav', wavOfTone(3));
  const memo = page.getByRole('group', { name: 'memo.wav' });
  await expect(memo).toContainText('0:03');
  await sotto.button('Turn into text', memo).click();
  await expect(sotto.message).toHaveValue(sentence, { timeout: 60_000 });
  // Too large to be handed over other than by its path; browsers know no lower rate.
  const lecture = info.outputPath('lecture.wav');
  writeFileSync(lecture, wavOfTone(3 * 3600, { rate: 3000, hertz: 0 }));
  await (await sotto.fileChooser()).setFiles(lecture);
  await expect(page.getByRole('alert')).toContainText('Recordings of up to 30 minutes');
  await sotto.button('Dismiss').click();
  await pick('broken.mp3', Buffer.from('no sound at all'), 'audio/mpeg');
  await expect(page.getByRole('alert')).toContainText('The audio can’t be read');
  await sotto.button('Dismiss').click();
});

test('without a model for speech, it says what is needed and asks for no microphone', async ({ page, sotto }) => {
  await listen(page);
  await sotto.open();
  await sotto.button('Dictate').click();
  const offer = page.getByRole('group', { name: 'Speech model' });
  await expect(offer).toContainText('Dictation needs a speech model');
  expect(await tracks(page)).toEqual([]);
  await sotto.button('Dismiss', offer).click();
  await expect(offer).toHaveCount(0);
});

test('a microphone that is not allowed is told, with what to do', async ({ page, sotto }) => {
  await withSpeechModel(sotto);
  await sotto.button('Dictate').click();
  await expect(page.getByRole('alert')).toContainText('The microphone isn’t allowed');
  await expect(sotto.button('Try again', page.getByRole('alert'))).toBeVisible();
});
