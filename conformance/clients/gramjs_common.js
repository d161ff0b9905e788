// What the parts of the GramJS program share.
const { Api } = require('telegram');
const { Raw } = require('telegram/events');
const { computeCheck } = require('telegram/Password');

const env = process.env;
const state = { failures: 0 };

// One step, told as one JSON object.
function say(step, ok = true, fields = {}) {
  if (!ok) state.failures += 1;
  console.log(JSON.stringify({ client: 'gramjs', step, ok: Boolean(ok), ...fields }));
}

function within(promise, ms, what) {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error(`no ${what} in time`)), ms).unref());
  return Promise.race([promise, late]);
}

// The server's control API, for what neither a user nor a bot can do.
async function control(method, path, body) {
  const headers = body ? { 'Content-Type': 'application/json' } : {};
  const response = await fetch(env.CONTROL + path, { method, headers, body: body && JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
  return response.json();
}

const faults = (...rules) => control('PUT', '/faults', { faults: rules });

async function refused(step, call, text, also = () => true) {
  try {
    await call();
    say(step, false);
  } catch (error) {
    say(step, error.errorMessage === text && also(error), { code: error.code, text: error.errorMessage });
  }
}

// The SRP proof of a password.
async function proof(client, word) {
  return computeCheck(await client.invoke(new Api.account.GetPassword()), word);
}

// Updates of these kinds, one after the other.
function listen(client, ...types) {
  const [heard, waiting] = [[], []];
  client.addEventHandler((update) => {
    if (waiting.length) waiting.shift()(update);
    else heard.push(update);
  }, new Raw({ types }));
  return () => within(heard.length ? Promise.resolve(heard.shift()) : new Promise((r) => waiting.push(r)), 60000, 'update');
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

module.exports = { say, state, within, control, faults, refused, proof, listen, pause, env };
