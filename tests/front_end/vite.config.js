// The page and the API share an origin, as behind the proxy of a real site: what begins with /api/ goes on to the API.
const backend = process.env.BACKEND ?? "http://127.0.0.1:8000";

export default {
  preview: { proxy: { "/api/": { target: backend, changeOrigin: false } } },
};
