/* On the demo company's sign-in page: one press signs in as that person. */
document.addEventListener("click", (event) => {
  const person = event.target instanceof Element ? event.target.closest("[data-demo-email]") : null;
  const form = document.getElementById("sign-in");
  if (!person || !form) return;
  form.elements.login.value = person.dataset.demoEmail;
  form.elements.password.value = person.dataset.demoPassword;
  if (person.dataset.demoPassword) form.requestSubmit();
  else form.elements.password.focus();
});
