// Makes one call with the AWS SDK for JavaScript. Standard input: {endpoint, accessKeyId,
// secretAccessKey, operation, parameters}; standard output: {output} or {error}.
const signer = require('@aws-sdk/client-signer');

async function answer({ endpoint, accessKeyId, secretAccessKey, operation, parameters }) {
  const client = new signer.SignerClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  });
  try {
    const { $metadata, ...output } = await client.send(new signer[`${operation}Command`](parameters));
    return { output };
  } catch (error) {
    const { name, message, code, $metadata } = error;
    return { error: { name, message, code, status: $metadata?.httpStatusCode } };
  }
}

const chunks = [];
process.stdin.on('data', (chunk) => chunks.push(chunk));
process.stdin.on('end', async () => {
  process.stdout.write(JSON.stringify(await answer(JSON.parse(Buffer.concat(chunks)))));
});
