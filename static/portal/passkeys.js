// Passkeys: a form with data-passkey asks the browser for one and sends what it says in the field "credential".
// data-passkey is "add" or "use", with the options in #passkey-options, or "sign-in", which fetches them.
(() => {
  "use strict";

  const toBytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));

  const toText = (buffer) =>
    btoa(Array.from(new Uint8Array(buffer), (one) => String.fromCharCode(one)).join(""))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const known = (list) => (list || []).map((one) => ({ ...one, id: toBytes(one.id) }));

  async function optionsFor(form) {
    const written = document.getElementById("passkey-options");
    if (written) {
      return JSON.parse(written.textContent).publicKey;
    }
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) {
      throw new Error(answer.status);
    }
    return (await answer.json()).request_options.publicKey;
  }

  function create(options) {
    return navigator.credentials.create({
      publicKey: {
        ...options,
        challenge: toBytes(options.challenge),
        user: { ...options.user, id: toBytes(options.user.id) },
        excludeCredentials: known(options.excludeCredentials),
        authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
      },
    });
  }

  function use(options) {
    return navigator.credentials.get({
      publicKey: {
        ...options,
        challenge: toBytes(options.challenge),
        allowCredentials: known(options.allowCredentials),
      },
    });
  }

  function written(credential) {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) {
        response[name] = toText(credential.response[name]);
      }
    }
    return JSON.stringify({
      id: credential.id,
      rawId: toText(credential.rawId),
      type: credential.type,
      response,
      clientExtensionResults: credential.getClientExtensionResults(),
    });
  }

  async function ask(form) {
    const button = form.querySelector("button[type=submit]");
    const failed = form.querySelector("[data-passkey-failed]");
    failed.hidden = true;
    button.disabled = true;
    try {
      const options = await optionsFor(form);
      const credential = await (form.dataset.passkey === "add" ? create(options) : use(options));
      form.elements.credential.value = written(credential);
      form.submit();
    } catch {
      failed.hidden = false;
      button.disabled = false;
    }
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = !window.PublicKeyCredential;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form);
    });
  }
})();
