// Exits at once with the status it is given.
//   node demo/exit-with.mjs 3
const code = Number(process.argv[2] ?? 0);
if (!Number.isInteger(code) || code < 0 || code > 255) {
  process.stderr.write('usage: node demo/exit-with.mjs CODE   (0 to 255)\n');
  process.exit(2);
}
process.exit(code);
