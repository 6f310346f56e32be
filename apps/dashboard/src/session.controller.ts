import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { PraxisError } from '@praxis/core';
import type { CookieOptions, Request, Response } from 'express';
import { z } from 'zod';
import { addressOf, cookieName, type Access } from './access.js';
import type { Session } from './api.js';
import { turnAway } from './access/require-api-key.js';
import type { DashboardParts } from './parts.js';
import { ACCESS, PARTS } from './tokens.js';

/** Longer keys are none of ours. */
const signInSchema = z.strictObject({ key: z.string().min(1).max(1_000) });

/** Who is looking. */
@Controller('api/session')
export class SessionController {
  constructor(
    @Inject(ACCESS) private readonly access: Access,
    @Inject(PARTS) private readonly parts: Pick<DashboardParts, 'tls' | 'version'>,
  ) {}

  @Get()
  show(@Req() request: Request): Session {
    return this.session(this.access.standing(request) === 'in');
  }

  @Post()
  @HttpCode(200)
  signIn(@Req() request: Request, @Res() response: Response, @Body() body: unknown): void {
    if (!this.access.needsKey) return void response.json(this.session(true));
    const asked = signInSchema.safeParse(body);
    if (!asked.success) throw new PraxisError('invalid', 'To sign in, send {"key": "…"} as JSON.');
    const standing = this.access.tryKey(asked.data.key.trim(), addressOf(request));
    if (standing !== 'in')
      return turnAway(response, standing, 'This key is not one of this Praxis. `praxis key` makes keys.');
    const { value, seconds } = this.access.newSession();
    response.cookie(cookieName(request), value, { ...this.cookie(), maxAge: seconds * 1000 }).json(this.session(true));
  }

  @Delete()
  signOut(@Req() request: Request, @Res() response: Response): void {
    response.clearCookie(cookieName(request), this.cookie()).json(this.session(!this.access.needsKey));
  }

  private session(signedIn: boolean): Session {
    return { needsKey: this.access.needsKey, signedIn, version: this.parts.version };
  }

  private cookie(): CookieOptions {
    return { httpOnly: true, sameSite: 'strict', path: '/', secure: this.parts.tls !== null };
  }
}
