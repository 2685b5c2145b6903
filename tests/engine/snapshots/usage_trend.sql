SELECT
  "t7"."account_id",
  "t7"."leaf_0" AS "m0",
  (
    "t7"."leaf_0" - "t7"."leaf_1"
  ) / NULLIF("t7"."leaf_1", 0.0) AS "m1"
FROM (
  SELECT
    "t2"."account_id",
    "t2"."position",
    CASE
      WHEN DATE '2026-03-31' >= DATE '2025-04-01'
      THEN COALESCE(CAST("t6"."leaf_0" AS DOUBLE), 0.0)
      ELSE CAST(NULL AS DOUBLE)
    END AS "leaf_0",
    CASE
      WHEN DATE '2026-03-03' >= DATE '2025-04-01'
      THEN COALESCE(CAST("t6"."leaf_1" AS DOUBLE), 0.0)
      ELSE CAST(NULL AS DOUBLE)
    END AS "leaf_1"
  FROM "requested" AS "t2"
  LEFT OUTER JOIN (
    SELECT
      "t4"."account_id" AS "account_0",
      "t4"."leaf_0",
      "t4"."leaf_1"
    FROM (
      SELECT
        "t3"."account_id",
        SUM("t3"."events") FILTER(WHERE
          "t3"."day" >= DATE '2026-03-04') AS "leaf_0",
        SUM("t3"."events") FILTER(WHERE
          "t3"."day" <= DATE '2026-03-03') AS "leaf_1"
      FROM (
        SELECT
          *
        FROM "account_days" AS "t1"
        WHERE
          "t1"."day" <= DATE '2026-03-31' AND "t1"."day" >= DATE '2026-02-04'
      ) AS "t3"
      GROUP BY
        1
    ) AS "t4"
  ) AS "t6"
    ON "t2"."account_id" = "t6"."account_0"
) AS "t7"
ORDER BY
  "t7"."position" ASC
