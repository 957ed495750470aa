// What the server writes into the document it serves.
const said = (name: string) => document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? '';

/** What style elements need to be taken. */
export const nonce = said('csp-nonce');
/** Whether the company's own server signs members in as well. */
export const hasCompanySignIn = said('sign-in') === 'oidc';
