// Signing in, as far as the browser has a part in it: a ticket becomes a cookie, and the page that was asked for is
// remembered while somebody is at the provider.
const KEY = "mapping_studio_asked_for";
const used = new Set();

const here = () => location.pathname + location.search;

const fetchCookie = async (ticket) => {
  if (used.has(ticket)) return;
  used.add(ticket);
  try {
    await fetch("/signed-in", { method: "POST", body: ticket, credentials: "same-origin" });
  } finally {
    location.reload(); // whatever came of it, the page says how things are
  }
};

const goBack = () => {
  const asked = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  if (!asked || asked === here()) return;
  const to = new URL(asked, location.origin);
  if (to.origin === location.origin) location.replace(to.pathname + to.search);
};

export default ({ data }) => {
  if (data.ticket) fetchCookie(data.ticket);
  else if (data.remember) sessionStorage.setItem(KEY, here());
  else if (data.back) goBack();
};
