import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatArgv, parseArgv } from '../text/argv';
import { argvSecrets, maskArgv } from './mask-argv';
import { MASK } from './mask-secrets';

/** Reads a line as a shell would; «…» stands around what must be hidden. */
function read(marked: string): { argv: readonly string[]; expected: readonly string[] } {
  const parse = (text: string): readonly string[] => {
    const parsed = parseArgv(text);
    if (!parsed.ok) throw new Error(`${parsed.error}: ${text}`);
    return parsed.argv;
  };
  return { argv: parse(marked.replace(/[«»]/g, '')), expected: parse(marked.replace(/«[^»]*»/g, MASK)) };
}

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N';

/** Command lines as they are in the world. */
const SECRET_LINES: readonly string[] = [
  'app --password=«hunter2»',
  'app --password «hunter2»',
  'app --password="«two words, and;more&x»"',
  'app --PASSWORD=«hunter2» --Db-Password «x,y»',
  'app --dbPassword=«hunter2» --clientSecret «s3»',
  'app -password «hunter2» -apiKey=«abc»',
  'app --password «-hunter2»',
  'app --token «abcdef123456» --port 80',
  'app --api-key «abc» --api_key=«abc» --apikey «abc»',
  'app --aws-secret-access-key=«wJalr/XUtnFEMI+K7MDENG»',
  'app password=«a,b» user=ada',
  'app --password2=«hunter2»',
  `app --auth ada:«hunter2»`,
  'mysql -h db -u root -p«secret» shop',
  'sudo -u backup /usr/bin/mysqldump -p«s3cret» --all-databases',
  'mariadb-dump -p«s3cret» shop',
  'curl -u ada:«s3cret» https://example.org/',
  'curl -uada:«s3cret» https://example.org/',
  'curl -su ada:«s3cret» https://example.org/',
  'curl --user ada:«s3cret» --proxy-user ada:«s3» https://example.org/',
  "curl -H 'Authorization: Bearer «abc.def-1»' https://example.org/",
  "curl -H 'authorization: «abc123»' https://example.org/",
  "curl -H 'X-Api-Key: «abc 123»' -H 'Accept: text/html'",
  "curl -H 'Cookie: «session=abc; other=def»'",
  "curl '--header=X-Auth-Token: «abc»'",
  "curl 'https://example.org/hook?token=«abc»&user=ada'",
  'curl -d \'{"user": "ada", "password": "«two words»"}\'',
  'psql postgres://ada:«s3cret»@db.example.org:5432/shop',
  'psql postgresql://ada:«p@ss/w:ord»@db/shop',
  'node worker.mjs redis://:«s3cret»@cache:6379/0',
  'git clone https://«ghs_0123456789abcdefghij»@github.com/ada/shop.git',
  'git clone https://x-access-token:«ghs_abc»@github.com/ada/shop.git',
  "sh -c 'PGPASSWORD=«hunter2» pg_dump shop | gzip > /srv/shop.gz'",
  'sh -c "mysqldump -p«s3cret» shop && curl -u ada:«other» https://example.org"',
  "bash -lc 'exec node app.mjs --password «hunter2» --port 8080'",
  `ssh host "app --password '«two words»'"`,
  'env PGPASSWORD=«hunter2» LANG=C psql',
  'docker run -e MYSQL_ROOT_PASSWORD=«a,b;c» -e LANG=C --env=API_TOKEN=«abc» mysql',
  'docker login -u ada -p «hunter2» registry.example.org',
  'helm upgrade shop . --set auth.password=«hunter2,replicas=3»',
  'mount -t cifs -o username=ada,password=«s3»,uid=3 //srv/x /mnt',
  "java -Dspring.datasource.password=«hunter2» '-Djavax.net.ssl.keyStorePassword=«x y»' -Xmx1g -jar app.jar",
  'redis-server *:6379 --requirepass «hunter2»',
  'redis-cli -h cache -a «hunter2» ping',
  'sshpass -p «hunter2» ssh ada@host',
  'sshpass -p«hunter2» ssh ada@host',
  'openssl rsa -in key.pem -passin pass:«hunter2» -passout file:/run/pw',
  'ldapsearch -D cn=admin -w «hunter2» -b dc=example,dc=org',
  'smbclient //srv/share -U ada%«hunter2»',
  'zip -P «hunter2» out.zip in',
  'xfreerdp /u:ada /p:«hunter2» /v:host',
  'erl -name a@b -setcookie «MONSTER»',
  `app ${`«${JWT}»`}`,
  'app «AKIAIOSFODNN7EXAMPLE» us-east-1',
  'app --access-key-id=«AKIAIOSFODNN7EXAMPLE»',
  `app '«-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----»'`,
  'app –password=«hunter2» —token «abc»',
  'app --ｐａｓｓｗｏｒｄ=«hunter2»',
  'app --pass\u200bword=«hunter2»',
  "'mysql -p«s3cret» -h db'",
  'ansible-playbook site.yml -e db_password=«hunter2»',
  'GITHUB_PAT=«abc» app',
  'snmpwalk -v2c -c «public1» host',
  'mongodump --username ada -p «hunter2»',
  'http -a ada:«hunter2» example.org',
];

/** Command lines with nothing to hide, though some look as if. */
const PLAIN_LINES: readonly string[] = [
  'nginx -g "daemon off;"',
  'node server.mjs --port 8080 -p 3000',
  'app --key-file /etc/ssl/private/key.pem --keyfile k',
  'app --passwords-file /etc/app/passwords --password-file=/run/secrets/pw',
  'app --token-bucket 10 --token-file=/run/token --token-url https://id.example.org/token',
  'app --no-password --ask-pass --password-prompt',
  'psql --no-password -h db -U ada shop',
  'app --max-tokens 4096 --tokens 100 --tokenizer bpe --num-tokens=3',
  'app --secretary bob --compass north --bypass all --monkey 1',
  'app --private-key /etc/ssl/key.pem --ssh-key ~/.ssh/id',
  'curl --cacert /etc/ca.pem --key ./client.key --cookie-jar jar.txt --cookie jar.txt -b jar.txt',
  'docker login -u ada --password-stdin registry.example.org',
  'docker run --user 1000:1000 -p 8080:80 -v data:/var/lib app:latest',
  'docker build --secret id=npm,src=.npmrc .',
  'ssh -p 2222 ada@host',
  'git clone ssh://git@github.com/ada/shop.git',
  'git clone git@github.com:ada/shop.git',
  'curl https://example.org:8443/a@b',
  'mysql -h db -P 3306 -p shop',
  'ffmpeg -i in.mp4 -pass 1 out.mp4',
  'sort --key=2,3n file',
  'openssl rsa -in key.pem -passin file:/run/pw',
  'ansible-playbook --ask-vault-pass site.yml --vault-password-file ~/.pw',
  `sh -c 'PGPASSWORD="$DB_PASSWORD" pg_dump shop'`,
  'sh -c "cd /srv && exec node app.mjs --password $PASSWORD"',
  'env PWD=/srv OLDPWD=/home/ada LANG=C app',
  'java -Xmx1g -Dfile.encoding=UTF-8 -jar app.jar',
  'python3 -m http.server 8000 --bind 127.0.0.1',
  'app --auth basic --require-auth=true --enable-token-auth',
  `node -e 'const token = next(); console.log("token", process.env.TOKEN)'`,
  'grep -r password /etc',
  'app --api-key-file=/run/key API_KEY_FILE=/run/key',
  'app "" "  " --password=',
  'app --password',
  'app http://[::1]:80/ --user ada',
  `bash -c 'echo "the password is wrong"; exit 1'`,
];

describe('an argument vector as it is shown', () => {
  it.each(SECRET_LINES)('hides what is secret: %s', (line) => {
    const { argv, expected } = read(line);
    expect(maskArgv(argv)).toEqual(expected);
  });

  it.each(PLAIN_LINES)('is the very same where nothing is secret: %s', (line) => {
    const { argv } = read(line);
    expect(maskArgv(argv)).toBe(argv);
  });

  it('hides what the words of the operator name', () => {
    const argv = ['app', '--geheimzahl=4711', '--pin-file', 'x', 'sh -c "MY_PIN=12 app"', '--spin', '3'];
    expect(maskArgv(argv)).toBe(argv);
    expect(maskArgv(argv, ['Geheimzahl', 'pin'])).toEqual([
      ...['app', `--geheimzahl=${MASK}`, '--pin-file', MASK, `sh -c "MY_PIN=${MASK} app"`, '--spin', MASK],
    ]);
    expect(maskArgv(['app', '--x=1'], ['', ' '])).toEqual(['app', '--x=1']);
  });

  it('names what it has hidden', () => {
    const argv = ['curl', '-u', 'ada:s3cret', '--token', 'abc', 'postgres://ada:pw12@db/x'];
    expect(argvSecrets(argv)).toEqual(['s3cret', 'abc', 'pw12']);
  });

  it('masks nothing twice', () => {
    for (const line of [...SECRET_LINES, ...PLAIN_LINES]) {
      const once = maskArgv(read(line).argv);
      expect(maskArgv(once)).toEqual(once);
    }
  });

  it('has as many words as before, and is masked once, whatever it holds', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom(
        '--password',
        '--token=',
        '-p',
        'mysql',
        'curl',
        '-u',
        'PGPASSWORD=x y',
        'https://a:b@c',
        "'",
        '"',
      ),
      fc.constantFrom('Authorization: Bearer a1', '{"password":"x"}', MASK, '$(x)', '\\', 'a=b=c', 'pass:x', '/p:x'),
    );
    const word = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(' '));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (argv) => {
        const once = maskArgv(argv);
        expect(once).toHaveLength(argv.length);
        expect(maskArgv(once)).toEqual(once);
      }),
      { numRuns: 200, examples: [[['', 'a=b=c " Authorization: Bearer a1 pass:x']]] },
    );
  });

  it('never lets a secret through behind a name that says so', () => {
    const name = fc.constantFrom(
      'password',
      'db-password',
      'API_KEY',
      'clientSecret',
      'token',
      'Auth-Token',
      'passphrase',
    );
    const secret = fc
      .string({ unit: 'grapheme-ascii', minLength: 6, maxLength: 30 })
      .map((text) => `Zq9${text}`)
      .filter((text) => !text.includes('\0'));
    const plain = fc.stringMatching(/^[a-z]{1,8}$/);
    fc.assert(
      fc.property(name, secret, plain, plain, fc.boolean(), (option, value, before, after, quoted) => {
        const script = formatArgv([before, `--${option}=${value}`]);
        const lines = [
          [before, `--${option}`, value, after],
          [before, `--${option}=${value}`, after],
          [before, `-${option}=${value}`, after],
          [before, `${option}=${value}`, after],
          ['env', `${option.toUpperCase().replaceAll('-', '_')}=${value}`, after],
          ...(quoted && !script.includes("$'") ? [['sh', '-c', script]] : []),
        ];
        for (const argv of lines) {
          const shown = maskArgv(argv);
          expect(shown.join('\0')).not.toContain(value);
          expect(shown[0]).toBe(argv[0]);
          if (argv.at(-1) === after) expect(shown.at(-1)).toBe(after);
          expect(argvSecrets(argv)).toContain(value);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('leaves plain words alone', () => {
    const word = fc.oneof(
      fc.stringMatching(/^[a-z]{1,3}[0-9]{0,4}$/),
      fc.stringMatching(/^--(?:port|host|level|config|name)=[a-z0-9./-]{1,12}$/),
      fc.stringMatching(/^\/[a-z]{2,8}(?:\/[a-z]{1,8}){0,3}$/),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (argv) => {
        expect(maskArgv(argv)).toBe(argv);
      }),
    );
  });

  it('reads long arguments in time that grows with their length', () => {
    const begin = process.cpuUsage();
    for (const text of [
      '=',
      'password',
      '--password=',
      'a:b@',
      '"',
      "'x",
      'eyJ',
      'http://a:',
      '-----BEGIN PRIVATE KEY-----',
    ]) {
      maskArgv(['app', text.repeat(50_000 / text.length)]);
      maskArgv(['app', `${text} `.repeat(20_000 / (text.length + 1))]);
    }
    // Time that grows with the square of the length is minutes here. A busy machine makes it wait, and use no more processor.
    expect(process.cpuUsage(begin).user).toBeLessThan(10_000_000);
  }, 60_000);
});
