// Makes one call with the AWS SDK for JavaScript. Standard input: {package, client, options, operation,
// parameters}; standard output: {output} or {error}.

// JSON has no timestamps and no bytes: the members that the SDK wants so.
const timestamps = ['effectiveTime', 'signatureTimestamp', 'signatureExpiresAfter', 'signatureExpiresBefore'];

function revived(name, value) {
  if (timestamps.includes(name)) return new Date(value);
  return name === 'payload' ? Buffer.from(value, 'base64') : value;
}

function plain(name, value) {
  return name === 'signature' ? Buffer.from(Object.values(value)).toString('base64') : value;
}

async function answer({ package: name, client: type, options, operation, parameters }) {
  const sdk = require(name);
  const client = new sdk[type](options);
  try {
    const { $metadata, ...output } = await client.send(new sdk[`${operation}Command`](parameters));
    return { output };
  } catch (error) {
    const { name, message, code, $metadata } = error;
    return { error: { name, message, code, status: $metadata?.httpStatusCode } };
  }
}

const chunks = [];
process.stdin.on('data', (chunk) => chunks.push(chunk));
process.stdin.on('end', async () => {
  const asked = JSON.parse(Buffer.concat(chunks), revived);
  process.stdout.write(JSON.stringify(await answer(asked), plain));
});
