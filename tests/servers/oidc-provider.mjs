// A provider of OpenID Connect for tests: whoever comes is signed in at once, as the account that was last said at /as/ACCOUNT.
// It prints its address and lives until its standard input ends.
import { once } from "node:events";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const server = createServer();
server.listen(0, "127.0.0.1");
await once(server, "listening");
const issuer = `http://127.0.0.1:${server.address().port}`;
let account = "nobody@example.org";

const provider = new Provider(issuer, {
  clients: [{
    client_id: "convoke",
    client_secret: "a secret of the test",
    redirect_uris: ["http://127.0.0.1/sign-in/oidc/callback"],
  }],
  claims: { openid: ["sub"], email: ["email", "email_verified"] },
  cookies: { keys: ["a key of the test"] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  pkce: { required: () => true },
  async findAccount(ctx, sub) {
    const claims = () => ({ sub, email: sub.replace("unverified+", ""), email_verified: !sub.startsWith("unverified+") });
    return { accountId: sub, claims };
  },
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope("openid email");
    await grant.save();
    return grant;
  },
});
// Convoke listens on a port that the system chose.
provider.Client.prototype.redirectUriAllowed = (uri) => /^http:\/\/127\.0\.0\.1:\d+\/sign-in\/oidc\/callback$/.test(uri);

const answer = provider.callback();
server.on("request", async (request, response) => {
  if (request.url.startsWith("/as/")) {
    account = decodeURIComponent(request.url.slice("/as/".length));
    response.end("ok");
  } else if (request.url.startsWith("/interaction/")) {
    await provider.interactionFinished(request, response, { login: { accountId: account } });
  } else {
    answer(request, response);
  }
});

console.log(`issuer ${issuer}`);
process.stdin.resume().on("end", () => process.exit(0));
