/** Draws the API's description with Swagger UI, from our own address: the page needs no network. */

declare function SwaggerUIBundle(options: { url: string; dom_id: string; deepLinking: boolean }): unknown;

SwaggerUIBundle({ url: "/openapi.json", dom_id: "#api", deepLinking: true });
