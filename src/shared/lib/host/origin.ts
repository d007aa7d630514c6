/** A web origin as browsers send it: `https://host`, with a port where it is not the usual one. Throws with what was expected. */
export function parseOrigin(text: string): string {
  const match =
    /^(https?):\/\/((?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)*[a-z\d](?:[a-z\d-]*[a-z\d])?)(?::(\d{1,5}))?\/?$/.exec(
      text.toLowerCase(),
    );
  const [, scheme, host, port] = match ?? [];
  if (
    scheme === undefined ||
    host === undefined ||
    (port !== undefined && !(Number(port) >= 1 && Number(port) <= 65_535))
  )
    throw new Error(`expected an origin such as https://ops.example.org, not "${text}"`);
  const usual = scheme === 'https' ? 443 : 80;
  return port === undefined || Number(port) === usual ? `${scheme}://${host}` : `${scheme}://${host}:${Number(port)}`;
}
