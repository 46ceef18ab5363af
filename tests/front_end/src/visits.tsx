import { useEffect, useState } from "react";

import { type Appointment, type Problem, api } from "./client";
import { Form } from "./form";

interface Choice {
  id: string;
  name?: string;
}

type Tell = (problem: Problem | undefined, right: string) => Promise<void>;

/** The visits of somebody, and a form for another one. */
export function Visits(props: { me: string; visits: Appointment[]; tell: Tell }) {
  const [stylists, setStylists] = useState<Choice[]>([]);
  const [services, setServices] = useState<Choice[]>([]);
  useEffect(() => {
    void api.GET("/api/people/stylists/").then(({ data }) => setStylists(data?.results ?? []));
    void api.GET("/api/people/services/").then(({ data }) => setServices(data?.results ?? []));
  }, []);

  const book = async (values: Record<string, string>) => {
    const begin = new Date(`${values["day"]}T10:00:00Z`);
    const { error } = await api.POST("/api/booking/appointments/", {
      body: {
        client: props.me,
        stylist: values["stylist"] ?? "",
        service: values["service"] ?? "",
        starts_at: begin.toISOString(),
        ends_at: new Date(begin.getTime() + 45 * 60_000).toISOString(),
      },
    });
    await props.tell(error, "Booked.");
  };
  const note = async (id: string, text: string) => {
    const { error } = await api.PATCH("/api/booking/appointments/{id}/", {
      params: { path: { id } },
      body: { note: text },
    });
    await props.tell(error, "Noted.");
  };

  return (
    <>
      <ul id="visits">
        {props.visits.map((visit) => (
          <li key={visit.id}>
            {visit.number} {visit.starts_at} in {visit.salon}: {visit.status}, {visit.price} €
            <Form name="note" send={({ text }) => note(visit.id, text ?? "")}>
              <label>
                Note <input name="text" defaultValue={visit.note ?? ""} />
              </label>
            </Form>
          </li>
        ))}
      </ul>
      <Form name="book" send={book}>
        <Choices name="stylist" of={stylists} />
        <Choices name="service" of={services} />
        <label>
          Day <input name="day" placeholder="2027-01-04" required />
        </label>
      </Form>
    </>
  );
}

function Choices(props: { name: string; of: Choice[] }) {
  return (
    <label>
      {props.name}{" "}
      <select name={props.name}>
        {props.of.map((each) => (
          <option key={each.id} value={each.id}>
            {each.name}
          </option>
        ))}
      </select>
    </label>
  );
}
