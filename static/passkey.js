// Says on the page that a passkey could not be used: allauth's scripts only raise an event.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.getElementById("passkey_failed").hidden = false;
});
