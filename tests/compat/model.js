// Prints what the JavaScript SDK knows of a service: {operations: {name: {http, input, output}}, errors:
// {name: status}}, a member of an input being {name: the query parameter, or null}.
const sdk = require(process.argv[2]);

// A structure is [kind, namespace, name, traits, members' names, members' schemas, …].
const namesOf = (schema) => (Array.isArray(schema) ? schema[4] : []);
const queryOf = (member) => (Array.isArray(member) ? member[1]?.httpQuery : undefined) ?? null;

const OPERATION = 9;
const ERROR = -3;
const operations = {};
const errors = {};
for (const schema of Object.values(sdk).filter(Array.isArray)) {
  if (schema[0] === OPERATION) {
    const [, , name, traits, input, output] = schema.map((part) => (typeof part === 'function' ? part() : part));
    operations[name] = {
      http: traits.http.slice(0, 2),
      input: Object.fromEntries(namesOf(input).map((member, place) => [member, queryOf(input[5][place])])),
      output: [...namesOf(output)].sort(),
    };
  } else if (schema[0] === ERROR && schema[3].httpError) {
    errors[schema[2]] = schema[3].httpError;
  }
}
process.stdout.write(JSON.stringify({ operations, errors }));
