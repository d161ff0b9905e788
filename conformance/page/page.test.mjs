// Drives the page in headless Chromium against a running server.
//   RINGBACK_URL     address of the server                    (default http://127.0.0.1:8081)
//   CHROMIUM         path of the browser                      (default /usr/bin/chromium)
//   BOT_USERNAME     a running volume-knob bot                (default volume_knob_bot)
//   VOLUME_ALLOWED   username of a user that bot lets turn it (default ann)
// Needs playwright-core. The world is set up through the control API. Where the page must be shown something the
// volume knob does not do, the test is a bot itself, over the Bot API.

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test as nodeTest } from 'node:test';
import { chromium } from 'playwright-core';

const BASE = (process.env.RINGBACK_URL ?? 'http://127.0.0.1:8081').replace(/\/$/, '');
const BOT = (process.env.BOT_USERNAME ?? 'volume_knob_bot').replace(/^@/, '');
const ALLOWED = (process.env.VOLUME_ALLOWED ?? 'ann').replace(/^@/, '');
const WAIT = 30_000;
const test = (name, run) => nodeTest(name, { timeout: WAIT * 6 }, run);
const unique = Date.now().toString(36);

async function control(method, path, body) {
  const response = await fetch(`${BASE}/_ringback/v1${path}`, {
    method,
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const value = await response.json();
  assert.ok(response.ok, `${method} ${path}: ${JSON.stringify(value)}`);
  return value;
}

/** A bot played by the test: any method of the Bot API, and the next update of a kind. */
function play(token) {
  let offset = 0;
  const call = async (method, params = {}) => {
    const response = await fetch(`${BASE}/bot${token}/${method}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(params) });
    const reply = await response.json();
    assert.ok(reply.ok, `${method}: ${JSON.stringify(reply)}`);
    return reply.result;
  };
  const seen = [];
  const next = async (kind) => {
    for (;;) {
      const at = seen.findIndex((update) => update[kind]);
      if (at >= 0) return seen.splice(at, 1)[0][kind];
      for (const update of await call('getUpdates', { offset, timeout: 20 })) {
        offset = update.update_id + 1;
        seen.push(update);
      }
    }
  };
  return { call, next };
}

let browser;
let context;
let page;
let ann;          // may turn the volume
let eve;          // may not
let knob;
let scripted;     // {id, username, call, next}
let foreign;      // requests that left the origin
let problems;     // errors in the page

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  const { bots } = await control('GET', '/bots');
  knob = bots.find((bot) => bot.username?.toLowerCase() === BOT.toLowerCase());
  assert.ok(knob, `a bot called @${BOT} must be running; there are: ${bots.map((bot) => bot.username).join(', ')}`);
  const { users } = await control('GET', '/users');
  ann = users.find((user) => user.username?.toLowerCase() === ALLOWED.toLowerCase())
    ?? await control('POST', '/users', { first_name: 'Ann', username: ALLOWED });
  eve = await control('POST', '/users', { first_name: `Eve ${unique}`, username: `eve_${unique}` });
  const bot = await control('POST', '/bots', { username: `script_${unique}_bot`, first_name: 'Scripted' });
  scripted = { ...bot, ...play(bot.token) };
});

after(async () => { await browser?.close(); });

beforeEach(async () => {
  foreign = [];
  problems = [];
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'light', reducedMotion: 'reduce' });
  page = await context.newPage();
  page.setDefaultTimeout(WAIT);
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== new URL(BASE).origin && url.protocol !== 'blob:' && url.protocol !== 'data:') foreign.push(request.url());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => { if (/Content Security Policy/.test(message.text())) problems.push(message.text()); });
});

afterEach(async () => {
  await context.close();
  assert.deepEqual(foreign, [], 'no request may leave the origin');
  assert.deepEqual(problems, [], 'no error and no breach of the content security policy');
});

const open = (as, chat) => page.goto(`${BASE}/?as=${as.id}&chat=${chat.id}`);
const messages = () => page.getByRole('log', { name: 'Messages' });
const upButton = () => messages().getByRole('button', { name: /Turn up/ }).last();
const toast = () => page.locator('#toast');
const until = (what, predicate, argument) => page.waitForFunction(predicate, argument, { timeout: WAIT }).catch((error) => assert.fail(`${what}: ${error.message}`));

/** Sends /volumeknob from the page and waits for the new keyboard. */
async function freshKnob() {
  const box = page.getByRole('textbox', { name: 'Message', exact: true });
  const start = page.getByRole('button', { name: 'Start', exact: true });
  await box.or(start).first().waitFor();
  if (await start.isVisible()) {
    await start.click();
    await messages().getByText('/start').first().waitFor();
  }
  const before = await messages().getByRole('button', { name: /Turn up/ }).count();
  await box.fill('/volumeknob');
  await box.press('Enter');
  await until('the knob appears', (n) => [...document.querySelectorAll('#messages .key')].filter((key) => key.textContent.includes('Turn up')).length > n, before);
}

test('be somebody, find the bot, press, see the spinner, the edit and the toast', async () => {
  await page.goto(`${BASE}/`);
  await page.locator('#person-list').getByRole('button', { name: ann.first_name }).first().click();
  await page.getByRole('navigation').locator(`[data-key="${knob.id}"]`).getByRole('button').click();
  await until('the address is in step', ([as, chat]) => location.search === `?as=${as}&chat=${chat}`, [ann.id, knob.id]);
  await freshKnob();

  // Press down first where the volume may be at its top, so that a press up is sure to change the text.
  await messages().getByRole('button', { name: /Turn down/ }).last().click();
  await until('the first press is over', () => !document.querySelector('#messages .key[aria-busy]') && document.querySelector('#toast.shown'));

  const message = messages().locator('article').filter({ has: page.getByRole('button', { name: /Turn up/ }) }).last();
  const id = await message.getAttribute('data-message-id');
  const text = await message.locator('.text').innerText();
  // A quick bot may be done before one looks: an observer remembers that the button was busy.
  await page.evaluate(() => new MutationObserver(() => {
    if (document.querySelector('#messages .key[aria-busy="true"]')) document.body.dataset.sawBusy = 'yes';
  }).observe(document.querySelector('#messages'), { subtree: true, childList: true, attributes: true }));
  await upButton().click();
  await until('the pressed button is busy', () => document.body.dataset.sawBusy === 'yes');
  await until('the message is edited in place', ([which, was]) => {
    const now = document.querySelector(`[data-message-id="${which}"] .text`);
    return now && now.innerText !== was;
  }, [id, text]);
  await until('a toast tells the volume', () => document.querySelector('#toast.shown')?.innerText.includes('olume'));
  await until('the spinner stops', () => !document.querySelector('#messages .key[aria-busy]'));
  assert.equal(await page.locator(`[data-message-id="${id}"]`).count(), 1, 'the edit did not add a message');
  assert.equal(await page.locator(`[data-message-id="${id}"] .edited`).count(), 1, 'the message says that it was edited');
});

test('somebody who may not turn the knob is told so', async () => {
  await open(eve, knob);
  await freshKnob();
  const text = await messages().locator('article .text').last().innerText();
  await upButton().click();
  await toast().filter({ hasText: 'Permission denied.' }).waitFor();
  await until('the spinner stops', () => !document.querySelector('#messages .key[aria-busy]'));
  assert.equal(await messages().locator('article .text').last().innerText(), text);
});

test('only the keyboard: write, go to the button, press it twice', async () => {
  await open(ann, knob);
  await freshKnob();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'box', 'writing leaves the focus in the box');
  await page.keyboard.press('Shift+Tab');
  for (let i = 0; i < 20 && !(await page.evaluate(() => document.activeElement.textContent.includes('Turn down'))); i += 1) await page.keyboard.press('Shift+Tab');
  assert.ok(await page.evaluate(() => document.activeElement.matches('.key:focus-visible')), 'the button has a visible focus');
  for (let i = 0; i < 2; i += 1) {
    await page.locator('#toast').evaluate((node) => node.replaceChildren());
    await page.keyboard.press(i ? 'Space' : 'Enter');
    await until('the toast', () => /olume/.test(document.querySelector('#toast').innerText));
    await until('the spinner stops', () => !document.querySelector('#messages .key[aria-busy]'));
    assert.match(await page.evaluate(() => document.activeElement.textContent), /Turn down/, 'the focus is still on the button after the edit');
  }
});

test('alert, link and an answer that says nothing', async () => {
  const sent = await scripted.call('sendMessage', { chat_id: eve.id, text: 'Choose', reply_markup: { inline_keyboard: [
    [{ text: 'Alert', callback_data: 'alert' }, { text: 'Nothing', callback_data: 'nothing' }],
    [{ text: 'Site', url: 'https://example.org/x' }, { text: 'Copy', copy_text: { text: '4711' } }],
  ] } }).catch(async () => {
    // A bot may not write first: the person begins.
    await control('POST', '/messages', { from: eve.id, chat: scripted.id, text: '/start' });
    return null;
  });
  if (!sent) {
    await scripted.call('sendMessage', { chat_id: eve.id, text: 'Choose', reply_markup: { inline_keyboard: [
      [{ text: 'Alert', callback_data: 'alert' }, { text: 'Nothing', callback_data: 'nothing' }],
      [{ text: 'Site', url: 'https://example.org/x' }, { text: 'Copy', copy_text: { text: '4711' } }],
    ] } });
  }
  await open(eve, scripted);
  const button = (name) => messages().getByRole('button', { name, exact: true }).last();

  await button('Alert').click();
  let query = await scripted.next('callback_query');
  assert.equal(query.data, 'alert');
  assert.equal(await button('Alert').getAttribute('aria-busy'), 'true');
  await scripted.call('answerCallbackQuery', { callback_query_id: query.id, text: 'Mind the step', show_alert: true });
  const alert = page.locator('dialog#alert');
  await alert.getByText('Mind the step').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'OK');
  await page.keyboard.press('Escape');
  await alert.waitFor({ state: 'hidden' });
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Alert', 'the focus goes back to the button');

  await button('Nothing').click();
  query = await scripted.next('callback_query');
  await scripted.call('answerCallbackQuery', { callback_query_id: query.id });
  await until('the spinner stops', () => !document.querySelector('#messages .key[aria-busy]'));
  assert.equal(await page.locator('#toast.shown, dialog[open]').count(), 0, 'an empty answer shows nothing');

  await button('Site').click();
  const dialog = page.getByRole('dialog', { name: 'Open this link?' });
  await dialog.getByText('https://example.org/x').waitFor();
  assert.equal(await dialog.getByRole('link', { name: 'Open in a new tab' }).getAttribute('href'), 'https://example.org/x');
  await page.keyboard.press('Escape');
  assert.equal(context.pages().length, 1, 'nothing opens by itself');
});

test('typing, a new message, an edit and a deletion show up by themselves', async () => {
  await control('POST', '/messages', { from: ann.id, chat: scripted.id, text: 'hello' });
  await open(ann, scripted);
  await messages().getByText('hello').last().waitFor();
  const typing = until('typing shows', () => /typing/.test(document.querySelector('#chat-sub').textContent));
  for (let shown = false; !shown;) {
    await scripted.call('sendChatAction', { chat_id: ann.id, action: 'typing' });
    shown = await Promise.race([typing.then(() => true), new Promise((resolve) => { setTimeout(resolve, 1000, false); })]);
  }
  const first = await scripted.call('sendMessage', { chat_id: ann.id, text: `one ${unique}` });
  await messages().getByText(`one ${unique}`).waitFor();
  assert.doesNotMatch(await page.locator('#chat-sub').innerText(), /typing/, 'a message ends the typing');
  await scripted.call('editMessageText', { chat_id: ann.id, message_id: first.message_id, text: `two ${unique}` });
  await messages().getByText(`two ${unique}`).waitFor();
  assert.equal(await messages().getByText(`one ${unique}`).count(), 0);
  const list = await control('GET', `/messages?chat=${scripted.id}&as=${ann.id}`);
  const id = list.find((message) => message.text === `two ${unique}`).message_id;
  await control('POST', '/messages/delete', { from: ann.id, chat: scripted.id, message_ids: [id] });
  await messages().locator(`[data-message-id="${id}"]`).waitFor({ state: 'detached' });
});

test('the inspector: a press is one row that unfolds to its calls and their bodies', async () => {
  await open(ann, knob);
  await freshKnob();
  await messages().getByRole('button', { name: /Turn down/ }).last().click();
  await until('the spinner stops', () => !document.querySelector('#messages .key[aria-busy]') && document.querySelector('#toast.shown'));
  await page.locator('#filter').getByRole('button', { name: 'Presses' }).click();
  const row = page.locator('#journal > li[data-press-id]').first();
  await until('the row is answered', () => document.querySelector('#journal > li[data-press-id]')?.dataset.state === 'answered');
  assert.match(await row.locator('summary').first().innerText(), /Turn down/);
  await row.locator('summary').first().focus();
  await page.keyboard.press('Enter');
  const tree = row.getByRole('list', { name: 'Steps of this press' });
  await tree.getByText(/queued/).waitFor();
  await tree.getByText(/delivered/).waitFor();
  const call = tree.locator('details').filter({ hasText: 'answerCallbackQuery' });
  await call.locator('summary').click();
  assert.match(await call.locator('.json').first().innerText(), /callback_query_id/);
  await page.locator('#filter').getByRole('button', { name: 'Calls' }).click();
  await page.locator('#journal > li[data-kind="call"]').first().waitFor();
  assert.equal(await page.locator('#journal > li:not([data-kind="call"])').count(), 0);
});

test('time can be advanced', async () => {
  await open(ann, knob);
  const { advanced_ms: was } = await control('GET', '/clock');
  await page.getByRole('button', { name: 'Advance time by 10 seconds' }).click();
  await page.locator('#journal').getByText(/Time was advanced/).first().waitFor();
  const { advanced_ms: is } = await control('GET', '/clock');
  assert.equal(is - was, 10_000);
});

test('light and dark, remembered', async () => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await open(ann, knob);
  const luminance = () => page.evaluate(() => getComputedStyle(document.querySelector('#people')).backgroundColor.match(/[\d.]+/g).slice(0, 3).map(Number).reduce((a, b) => a + b) / 765);
  assert.ok(await luminance() < 0.3, 'the system asks for dark');
  await page.getByRole('button', { name: 'Dark theme', pressed: true }).click();
  assert.ok(await luminance() > 0.7, 'the toggle makes it light');
  await page.reload();
  assert.ok(await luminance() > 0.7, 'and it stays so');
});

test('every control has a name, every region a landmark, narrow screens have tabs', async () => {
  await open(ann, knob);
  await freshKnob();
  const nameless = await page.evaluate(() => [...document.querySelectorAll('button, a[href], input, textarea, select, summary')]
    .filter((node) => !(node.getAttribute('aria-label') || node.textContent.trim() || node.labels?.length || node.title))
    .map((node) => node.outerHTML.slice(0, 120)));
  assert.deepEqual(nameless, []);
  for (const [role, name] of [['navigation', 'People and chats'], ['main', 'Conversation'], ['complementary', 'Inspector'], ['log', 'Messages']]) {
    assert.equal(await page.getByRole(role, { name }).count(), 1, `${role} “${name}”`);
  }
  assert.equal(await toast().getAttribute('role'), 'status');
  await page.setViewportSize({ width: 390, height: 780 });
  await page.getByRole('group', { name: 'Panes' }).getByRole('button', { name: 'Journal' }).click();
  assert.ok(await page.locator('#inspector').isVisible());
  assert.ok(!await page.locator('#chat').isVisible());
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'nothing is wider than the screen');
});

test('a line to copy for each library, and sessions for user clients', async () => {
  await page.goto(`${BASE}/?as=${ann.id}`);
  const welcome = page.locator('#welcome');
  await welcome.getByLabel('Library', { exact: true }).selectOption('grammY');
  await welcome.getByText(`new Bot("123456:abcdefghijklmnopqrstuvwxyz012345678", { client: { apiRoot: "${new URL(BASE).origin}" } })`, { exact: true }).waitFor();
  await welcome.getByLabel('Library of a user client').selectOption('Telethon');
  await welcome.getByRole('button', { name: 'Make a session' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('TelegramClient(StringSession(SESSION), 12345, "any")', { exact: true }).waitFor();
  const session = await dialog.locator('code').first().textContent();
  assert.match(session, /^1[\w-]{350,}=*$/);
});
