import { launch } from './browser.ts';
import { launchFirefox } from './firefox.ts';

const CHROMIUM = ['Chromium', launch] as const;
const FIREFOX = ['Firefox', launchFirefox] as const;

/** Each browser with what starts it. */
export const BROWSERS = [CHROMIUM, FIREFOX] as const;

/** Those in which what takes long is tried: Firefox only in long runs. */
export const QUICK_BROWSERS = process.env.WATERSMEET_LONG === '1' ? BROWSERS : [CHROMIUM];
