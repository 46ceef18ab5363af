import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";

import { type Appointment, type Me, api, auth, told, whoAsks } from "./client";
import { Form } from "./form";
import { Visits } from "./visits";

function Account() {
  return (
    <>
      <label>
        E-mail <input name="email" type="email" required />
      </label>
      <label>
        Password <input name="password" type="password" required />
      </label>
    </>
  );
}

function Page() {
  const [me, setMe] = useState<Me>();
  const [visits, setVisits] = useState<Appointment[]>([]);
  const [news, setNews] = useState<{ text: string; isRefusal: boolean }>();

  const look = async () => {
    const asking = await whoAsks();
    const { data } = asking.id === null ? { data: undefined } : await api.GET("/api/booking/appointments/");
    setMe(asking);
    setVisits(data?.results ?? []);
  };
  const tell = async (wrong: string | undefined, right: string) => {
    await look();
    setNews({ text: wrong ?? right, isRefusal: wrong !== undefined });
  };
  useEffect(() => void look(), []);

  if (me === undefined) return <p>One moment</p>;
  return (
    <>
      <h1>Book a visit</h1>
      {news && <p role={news.isRefusal ? "alert" : "status"}>{news.text}</p>}
      {me.id === null ? (
        <>
          <Form name="sign-up" send={async (values) => tell(await auth("POST", "signup", values), "A code is on its way.")}>
            <Account />
          </Form>
          <Form name="verify" send={async ({ key }) => tell(await auth("POST", "email/verify", { key }), "Welcome.")}>
            <label>
              Code <input name="key" required />
            </label>
          </Form>
          <Form name="sign-in" send={async (values) => tell(await auth("POST", "login", values), "Welcome back.")}>
            <Account />
          </Form>
        </>
      ) : (
        <>
          <p id="me">
            Signed in as {me.roles.join(", ")} <button id="look" onClick={() => void look()}>Look again</button>
          </p>
          <Visits me={me.id} visits={visits} tell={(problem, right) => tell(problem && told(problem), right)} />
          <Form
            name="sign-out"
            send={async () => {
              // That nobody is signed in any more is the answer, and told as an error.
              await auth("DELETE", "session");
              await tell(undefined, "Goodbye.");
            }}
          >
            <p>Until next time.</p>
          </Form>
        </>
      )}
    </>
  );
}

createRoot(document.querySelector("#page")!).render(<Page />);
