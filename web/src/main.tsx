import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './page.css';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { cache } from './api/cache';
import { nonce } from './document';
import { router } from './routes';
import { theme } from './theme';

// Dialogs keep the page from scrolling by a style element of their own.
setNonce(nonce);
const colourScheme = localStorageColorSchemeManager({ key: 'convoke-colour-scheme' });

const place = document.getElementById('app');
if (place) {
  createRoot(place).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        defaultColorScheme="auto"
        colorSchemeManager={colourScheme}
        getStyleNonce={() => nonce}
      >
        <QueryClientProvider client={cache}>
          <Notifications position="bottom-center" limit={3} />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
