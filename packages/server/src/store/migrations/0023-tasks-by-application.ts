/** Legacy clients list the tasks of an application by what they are and how they stand (legacy 3.7, 4.4): what does not match is not read. */
export const tasksByApplication = `
CREATE INDEX tasks_app_page ON tasks (app_id, project_id, task_id, type, status, package_id);
`;
