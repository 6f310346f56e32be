import { Icon } from '../ui/icon.js';
import { nextTheme, themeStore } from '../state/theme.js';
import { useStore } from '../state/store.js';

const LOOKS = {
  auto: { icon: 'auto', word: 'as the system' },
  light: { icon: 'sun', word: 'light' },
  dark: { icon: 'moon', word: 'dark' },
} as const;

/** Auto, light or dark. */
export function ThemeButton() {
  const { icon, word } = LOOKS[useStore(themeStore)];
  return (
    <button
      type="button"
      className="button-icon"
      onClick={nextTheme}
      aria-label={`Colours: ${word}; change`}
      title={`Colours: ${word}`}
    >
      <Icon name={icon} />
    </button>
  );
}
