import { databaseTrouble } from './database-trouble.js';

const failed = (code: string | null, message: string): Error =>
  Object.assign(new Error(message), code === null ? {} : { code });

describe('databaseTrouble', () => {
  it.each<[string, string | null, string, string, RegExp]>([
    [
      'a self-signed certificate',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'self-signed certificate',
      'denied',
      /not trusted.*sslrootcert=FILE.*sslmode=no-verify/,
    ],
    [
      'an authority of its own',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'self-signed certificate in certificate chain',
      'denied',
      /sslrootcert=FILE/,
    ],
    [
      'a certificate without its chain',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'unable to verify the first certificate',
      'denied',
      /sslrootcert=FILE/,
    ],
    ['an old certificate', 'CERT_HAS_EXPIRED', 'certificate has expired', 'denied', /expired/],
    [
      'a certificate of another name',
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'Hostname/IP does not match',
      'denied',
      /another name/,
    ],
    ['a server without TLS', null, 'The server does not support SSL connections', 'invalid', /take sslmode out/],
    [
      'a server that wants TLS',
      '28000',
      'no pg_hba.conf entry for host "1.2.3.4", user "u", database "d", no encryption',
      'denied',
      /add sslmode=require/,
    ],
    [
      'a machine that is not admitted',
      '28000',
      'no pg_hba.conf entry for host "1.2.3.4", user "u", database "d", SSL encryption',
      'denied',
      /pg_hba\.conf/,
    ],
    ['a wrong password', '28P01', 'password authentication failed for user "u"', 'denied', /user or the password/],
    [
      'no password',
      null,
      'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string',
      'denied',
      /asks for a password/,
    ],
    ['too many connections', '53300', 'sorry, too many clients already', 'unavailable', /max_connections/],
    [
      'a server that is starting',
      '57P03',
      'the database system is starting up',
      'unavailable',
      /starting up.*try again/,
    ],
    ['a database that is not there', '3D000', 'database "x" does not exist', 'missing', /createdb/],
    ['an unknown host', 'ENOTFOUND', 'getaddrinfo ENOTFOUND nowhere', 'invalid', /host name/],
    ['a host that cannot be reached', 'EHOSTUNREACH', 'connect EHOSTUNREACH', 'unavailable', /firewalls/],
    ['a host that is silent', null, 'timeout expired', 'unavailable', /firewalls/],
    [
      'a port that nobody listens on',
      'ECONNREFUSED',
      'connect ECONNREFUSED',
      'unavailable',
      /No Postgres answers.*unset PRAXIS_DATABASE_URL/,
    ],
    ['something that is no Postgres', null, 'Connection terminated unexpectedly', 'unavailable', /is it a Postgres/],
    [
      'a pooler that refuses parameters',
      '08P01',
      'unsupported startup parameter: options',
      'invalid',
      /connection pooler.*direct address/,
    ],
    ['anything else', 'XX000', 'out of luck', 'unavailable', /out of luck/],
  ])('tells %s as what it is', (_what, code, message, expected, words) => {
    expect(databaseTrouble(failed(code, message), 'postgres://u:***@h/d')).toMatchObject({
      code: expected,
      message: expect.stringMatching(words),
    });
  });

  it('looks into the failures of the several addresses of one name', () => {
    const both = Object.assign(
      new AggregateError(
        [failed('ECONNREFUSED', 'connect ECONNREFUSED ::1'), failed('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1')],
        '',
      ),
      {},
    );
    expect(databaseTrouble(both, 'x').message).toMatch(/No Postgres answers/);
  });

  it('tells a file of the URL from a socket that is not there', () => {
    expect(
      databaseTrouble(Object.assign(failed('ENOENT', "open '/ca.pem'"), { path: '/ca.pem' }), 'x').message,
    ).toMatch(/A file named in the URL/);
    expect(
      databaseTrouble(Object.assign(failed('ENOENT', 'connect'), { path: '/run/.s.PGSQL.5432' }), 'x').message,
    ).toMatch(/No Postgres answers/);
  });
});
