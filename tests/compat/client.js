// Makes one call with the AWS SDK for JavaScript. Standard input: {package, client, options, hosts,
// operation, parameters}; standard output: {output} or {error}.
const dns = require('dns');

// JSON has no timestamps and no bytes: the members that the SDK wants so.
const timestamps = ['effectiveTime', 'signatureTimestamp', 'signatureExpiresAfter', 'signatureExpiresBefore'];

function revived(name, value) {
  if (timestamps.includes(name)) return new Date(value);
  return name === 'payload' ? Buffer.from(value, 'base64') : value;
}

function plain(name, value) {
  return name === 'signature' ? Buffer.from(Object.values(value)).toString('base64') : value;
}

// As entries of /etc/hosts would do: {name: address}.
function resolveBy(hosts) {
  const lookup = dns.lookup;
  dns.lookup = (name, ...rest) => lookup(hosts[name] ?? name, ...rest);
}

// Of an operation, of a paginator ("paginateListSigningJobs") or of a waiter ("waitUntil…").
async function outputOf(sdk, client, operation, parameters) {
  if (operation.startsWith('paginate')) {
    const { pageSize, ...input } = parameters;
    const pages = [];
    for await (const page of sdk[operation]({ client, pageSize }, input)) pages.push(page);
    return { pages };
  }
  if (operation.startsWith('waitUntil')) {
    return sdk[operation]({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, parameters);
  }
  const { $metadata, ...output } = await client.send(new sdk[`${operation}Command`](parameters));
  return output;
}

async function answer({ package: name, client: type, options, operation, parameters }) {
  const sdk = require(name);
  const client = new sdk[type](options);
  try {
    return { output: await outputOf(sdk, client, operation, parameters) };
  } catch (error) {
    const { name, message, code, $metadata } = error;
    return { error: { name, message, code, status: $metadata?.httpStatusCode } };
  }
}

const chunks = [];
process.stdin.on('data', (chunk) => chunks.push(chunk));
process.stdin.on('end', async () => {
  const asked = JSON.parse(Buffer.concat(chunks), revived);
  resolveBy(asked.hosts ?? {});
  process.stdout.write(JSON.stringify(await answer(asked), plain));
});
