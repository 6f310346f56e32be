import { tlsTrouble } from './connection-trouble.js';

const WHERE = 'the planner at p:1';
/** As the library says it. */
const failed = (why: string): string => `No connection established. Last error: ${why}. Resolution note: `;

describe('tlsTrouble', () => {
  it.each([
    ['Error: certificate has expired', 'denied', /has expired/],
    ['Error: certificate is not yet valid', 'denied', /clocks/],
    [
      "Error: Hostname/IP does not match certificate's altnames: Host: p. is not in the cert's altnames: DNS:q",
      'denied',
      /subjectAltName/,
    ],
    [
      'Error: self-signed certificate in certificate chain',
      'denied',
      /not signed by the authority in PRAXIS_TLS_CA_FILE/,
    ],
    ['Error: unable to verify the first certificate', 'denied', /not signed by the authority/],
    [
      '804C:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:rec_layer_s3.c:1601:SSL alert number 116',
      'denied',
      /PRAXIS_TLS_CERT_FILE/,
    ],
    [
      'Error: 804C:error:0A00010B:SSL routines:ssl3_get_record:wrong version number',
      'unavailable',
      /does not speak TLS/,
    ],
    ['Failed to connect (2026-11-21T07:18:29.187Z)', 'unavailable', /may want a certificate/],
    ['Error: read ECONNRESET', 'unavailable', /may want a certificate/],
  ] as const)('explains %s over TLS', (why, code, message) => {
    expect(tlsTrouble(failed(why), true, WHERE)).toEqual({ code, message: expect.stringMatching(message) });
    expect(tlsTrouble(failed(why), true, WHERE)!.message).toContain(WHERE);
  });

  it('guesses TLS where a plain connection is cut off at once', () => {
    expect(tlsTrouble(failed('Failed to connect (2026-11-21T07:18:29.078Z)'), false, WHERE)).toEqual({
      code: 'unavailable',
      message: expect.stringContaining('set PRAXIS_TLS_CA_FILE'),
    });
  });

  it.each([
    [failed('Error: connect ECONNREFUSED 127.0.0.1:1'), true],
    [failed('Error: connect ECONNREFUSED 127.0.0.1:1'), false],
    ['Name resolution failed for target dns:nowhere.invalid:1', true],
    ['Connection dropped', true],
    ['The database says that its certificate is bad.', true],
    ['read ECONNRESET', false],
  ])('has nothing to say about %j', (details, isSecure) => expect(tlsTrouble(details, isSecure, WHERE)).toBeNull());
});
